namespace Orchestration.Providers.Tests.Conformance;

/// <summary>One stream of <c>Recorded/{vendor}.streams</c>, as the simulator wrote it, with the events that were found in it.</summary>
internal sealed record RecordedStream(string Vendor, string Name, string Protocol, string Model, string Text, IReadOnlyList<string> Expected)
{
    private const string Mark = "--- stream ";
    private const string ExpectedMark = "--- ";

    public string Title => $"{Vendor}/{Name}";

    /// <summary>The stream as a golden file, so that both are decoded in one way.</summary>
    public GoldenFile AsFile() => new(Title, ProviderOf(Vendor), "stream", new Dictionary<string, string> { ["model"] = Model, ["protocol"] = Protocol }, []);

    public static IReadOnlyList<RecordedStream> All(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.streams").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>The expected events of a vendor's streams, as they stand in its file.</summary>
    public static string Write(IEnumerable<(string Name, IReadOnlyList<string> Events)> streams) =>
        string.Concat(streams.Select(s => $"{ExpectedMark}{s.Name}\n{string.Join('\n', s.Events)}\n"));

    private static IEnumerable<RecordedStream> Read(string path)
    {
        var vendor = Path.GetFileNameWithoutExtension(path);
        var expected = ExpectedOf(Path.ChangeExtension(path, ".expected"));
        foreach (var section in Sections(File.ReadAllText(path), Mark))
        {
            var words = section.Head.Split(' ');
            yield return new RecordedStream(vendor, words[0], words[1], words[2], section.Body, expected.GetValueOrDefault(words[0], []));
        }
    }

    private static Dictionary<string, string[]> ExpectedOf(string path) => File.Exists(path)
        ? Sections(File.ReadAllText(path), ExpectedMark).ToDictionary(s => s.Head, s => s.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        : [];

    private static IEnumerable<(string Head, string Body)> Sections(string text, string mark) =>
        from section in ("\n" + text).Split("\n" + mark).Skip(1)
        let end = section.IndexOf('\n', StringComparison.Ordinal)
        select (section[..end], section[(end + 1)..] + "\n");

    private static string ProviderOf(string vendor) => vendor == "openai-responses" ? "openai" : vendor;
}
