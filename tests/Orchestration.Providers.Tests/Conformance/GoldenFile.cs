using System.Text;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>
/// One golden file: <c>{vendor}/{capability}[.{variant}].golden</c>. Lines "name: value" up to the first section, then sections that
/// begin with "--- title". Names that the head defines as "let name: text" stand in sections as <c>{{name}}</c>.
/// </summary>
internal sealed record GoldenFile(string Path, string Vendor, string Capability, IReadOnlyDictionary<string, string> Head, IReadOnlyList<GoldenSection> Sections)
{
    private const string SectionMark = "--- ";
    private const string LetMark = "let ";

    public string Name => $"{Vendor}/{System.IO.Path.GetFileName(Path)}";

    public static GoldenFile Read(string path)
    {
        var head = new Dictionary<string, string>();
        var sections = new List<GoldenSection>();
        var body = new StringBuilder();
        var title = "";
        foreach (var line in File.ReadAllLines(path).Append(SectionMark))
        {
            if (line.StartsWith(SectionMark, StringComparison.Ordinal))
            {
                if (title.Length > 0) sections.Add(new GoldenSection(title, Fill(body.ToString(), head)));
                body.Clear();
                title = line[SectionMark.Length..];
            }
            else if (title.Length > 0)
            {
                body.Append(line).Append('\n');
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                head[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        var name = System.IO.Path.GetFileName(path).Split('.');
        return new GoldenFile(path, System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)!), name[0], head, sections);
    }

    private static string Fill(string text, Dictionary<string, string> head)
    {
        foreach (var (name, value) in head)
        {
            if (name.StartsWith(LetMark, StringComparison.Ordinal))
                text = text.Replace("{{" + name[LetMark.Length..] + "}}", value, StringComparison.Ordinal);
        }

        return text;
    }
}

/// <summary>One section of a golden file.</summary>
internal sealed record GoldenSection(string Title, string Text)
{
    /// <summary>The lines that say something; without comments.</summary>
    public IReadOnlyList<string> Lines => [.. Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
}
