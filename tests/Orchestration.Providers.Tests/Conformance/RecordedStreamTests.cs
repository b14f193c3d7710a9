using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Orchestration.Protocols;
using Orchestration.Protocols.Sse;
using Orchestration.Protocols.Tests.Sse;
using Orchestration.Testing;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>Streams of every vendor, recorded from the simulator: what they say does not depend on how they arrive.</summary>
public sealed partial class RecordedStreamTests
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "Orchestration.Providers.Tests", "Conformance", "Recorded");
    private static readonly IReadOnlyList<RecordedStream> Streams = RecordedStream.All(Folder);

    [Fact]
    public void Streams_of_every_vendor_with_chat_are_there()
    {
        Streams.Count.ShouldBeGreaterThanOrEqualTo(200);
        Streams.Select(s => s.Title).Distinct().Count().ShouldBe(Streams.Count);
        Streams.Select(s => s.Vendor).Distinct().Count().ShouldBeGreaterThanOrEqualTo(26);
    }

    [Fact]
    public async Task Recorded_streams_say_what_was_written_down()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATION_RECORD_STREAMS") == "1") await WriteDownAsync();

        foreach (var stream in RecordedStream.All(Folder))
        {
            stream.Expected.ShouldNotBeEmpty(stream.Title);
            foreach (var lineEnd in EndsOf(stream))
            {
                Decode(stream, lineEnd, int.MaxValue).ShouldBe(stream.Expected, stream.Title);
                Decode(stream, lineEnd, 1).ShouldBe(stream.Expected, stream.Title);
                Decode(stream, lineEnd, 2, 3, 5, 7).ShouldBe(stream.Expected, stream.Title);
            }
        }
    }

    /// <summary>A decoder sees events and nothing else, so it is enough that it is given the same ones.</summary>
    [Fact]
    public void Decoders_get_the_same_events_wherever_a_stream_is_split_and_whatever_ends_its_lines()
    {
        var wrong = new ConcurrentBag<string>();
        Parallel.ForEach(Streams, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, stream =>
        {
            var whole = Read(stream, Encoding.UTF8.GetBytes(stream.Text), int.MaxValue);
            foreach (var lineEnd in EndsOf(stream))
            {
                var bytes = BytesOf(stream, lineEnd);
                var split = Enumerable.Range(1, bytes.Length).FirstOrDefault(at => !Read(stream, bytes, at, bytes.Length).AsSpan().SequenceEqual(whole));
                if (split > 0) wrong.Add($"{stream.Title} split at {split}, lines end with {lineEnd.Length} bytes");
            }
        });

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Cut_streams_never_finish() =>
        Streams.Where(s => s.Name is "cut" or "no-end").SelectMany(s => Decode(s, "\n", int.MaxValue)).ShouldNotContain(line => line.Contains(" finish ", StringComparison.Ordinal));

    // Only LF ends the lines of a JSON lines stream, with or without CR before it.
    private static IEnumerable<string> EndsOf(RecordedStream stream) => LineEnds.Where(e => stream.Protocol != "Ollama" || e != "\r");

    private static byte[] BytesOf(RecordedStream stream, string lineEnd) => Encoding.UTF8.GetBytes(stream.Text.Replace("\n", lineEnd, StringComparison.Ordinal));

    private static IReadOnlyList<string> Decode(RecordedStream stream, string lineEnd, params int[] sizes) =>
        [.. ConformanceSuite.Shipped.RunOf(stream.AsFile()).Decode(BytesOf(stream, lineEnd), sizes).Select(line => MadeId().Replace(line, "call_made"))];

    private static byte[] Read(RecordedStream stream, byte[] bytes, params int[] sizes)
    {
        using var pieces = new PiecesStream(bytes, sizes);
        using IEventReader reader = stream.Protocol == "Ollama" ? new JsonLinesReader(pieces) : new SseReader(pieces);
        using var all = new MemoryStream(bytes.Length);
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } item)
        {
            all.WriteByte(item.IsComment ? (byte)1 : (byte)0);
            all.Write(Encoding.UTF8.GetBytes(item.EventType));
            all.WriteByte(2);
            // Between JSON values a CR is white space.
            all.Write(item.Data.Span.TrimEnd((byte)'\r'));
        }

        return all.ToArray();
    }

    private static async Task WriteDownAsync()
    {
        foreach (var vendor in Streams.GroupBy(s => s.Vendor))
        {
            var text = RecordedStream.Write(vendor.Select(s => (s.Name, Decode(s, "\n", int.MaxValue))));
            await File.WriteAllTextAsync(Path.Combine(Folder, vendor.Key + ".expected"), text, TestContext.Current.CancellationToken);
        }
    }

    // Ids that a decoder makes for a vendor that has none are new each time.
    [GeneratedRegex("call_[0-9a-f]{32}(?=_)")]
    private static partial Regex MadeId();
}
