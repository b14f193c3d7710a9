using System.Collections.Concurrent;
using System.Text;
using Orchestration.Testing;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>Streams of every vendor, recorded from the simulator and written by hand from documentation: what they say does not depend on how they arrive.</summary>
public sealed class RecordedStreamTests
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "Orchestration.Providers.Tests", "Conformance", "Recorded");
    private static readonly IReadOnlyList<RecordedStream> Streams = RecordedStream.All(Folder);

    [Fact]
    public void Streams_of_every_vendor_with_chat_are_there()
    {
        Streams.Count.ShouldBeGreaterThanOrEqualTo(200);
        Streams.Select(s => s.Title).Distinct().Count().ShouldBe(Streams.Count);
        var written = ConformanceSuite.Shipped.Files.SelectMany(f => GoldenRun.Streams(f, "\n")).Count();
        written.ShouldBeGreaterThan(100);
        Streams.Select(s => s.Vendor).Distinct().Count().ShouldBeGreaterThanOrEqualTo(25);
    }

    [Fact]
    public async Task Recorded_streams_say_what_was_written_down()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATION_RECORD_STREAMS") == "1") await WriteDownAsync();

        foreach (var stream in RecordedStream.All(Folder))
            Decode(stream).ShouldBe(stream.Expected, stream.Title);
    }

    [Fact]
    public void Recorded_streams_say_the_same_wherever_they_are_split_and_whatever_ends_their_lines()
    {
        var wrong = new ConcurrentBag<string>();
        Parallel.ForEach(Streams, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, stream =>
        {
            var run = ConformanceSuite.Shipped.RunOf(stream.AsFile());
            foreach (var lineEnd in LineEnds.Where(e => stream.Protocol != "Ollama" || e != "\r"))
            {
                var bytes = Encoding.UTF8.GetBytes(stream.Text.Replace("\n", lineEnd, StringComparison.Ordinal));
                for (var split = 1; split <= bytes.Length; split++)
                    if (!run.Decode(bytes, split, bytes.Length).SequenceEqual(stream.Expected))
                        wrong.Add($"{stream.Title} split at {split}, lines end with {lineEnd.Length} bytes");
                if (!run.Decode(bytes, 1).SequenceEqual(stream.Expected)) wrong.Add($"{stream.Title} byte by byte");
            }
        });

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Cut_streams_never_finish() =>
        Streams.Where(s => s.Name is "cut" or "no-end").SelectMany(Decode).ShouldNotContain(line => line.Contains(" finish ", StringComparison.Ordinal));

    private static IReadOnlyList<string> Decode(RecordedStream stream) =>
        ConformanceSuite.Shipped.RunOf(stream.AsFile()).Decode(Encoding.UTF8.GetBytes(stream.Text), int.MaxValue);

    private static async Task WriteDownAsync()
    {
        foreach (var vendor in Streams.GroupBy(s => s.Vendor))
            await File.WriteAllTextAsync(Path.Combine(Folder, vendor.Key + ".expected"), RecordedStream.Write(vendor.Select(s => (s.Name, Decode(s)))), TestContext.Current.CancellationToken);
    }
}
