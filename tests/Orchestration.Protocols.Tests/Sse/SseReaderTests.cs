using System.Text;
using CsCheck;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Tests.Sse;

public sealed class SseReaderTests
{
    private const string Sample = "\uFEFF: hello\n\ndata: one\n\nevent: ping\n\ndata:two\ndata\ndata:  three\nid: 7\nretry: x\0\nnonsense\n\nevent: token\ndata: 你好🙂\n\ndata\n\ndata: cut";

    private static readonly string[] Expected = ["#hello", ":one", ":two\n\n three", "token:你好🙂", ":"];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Events_are_the_same_wherever_the_stream_is_split(string lineEnd)
    {
        var bytes = Encoding.UTF8.GetBytes(Sample.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var split = 1; split < bytes.Length; split++)
            (await ReadAsync(new PiecesStream(bytes, split, bytes.Length))).ShouldBe(Expected, ignoreOrder: false, customMessage: $"split at {split}");
        (await ReadAsync(new PiecesStream(bytes, 1))).ShouldBe(Expected);
    }

    [Fact]
    public async Task Mixed_line_ends_are_read_like_any_other()
    {
        var bytes = "data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r\n"u8.ToArray();
        (await ReadAsync(new PiecesStream(bytes, 1))).ShouldBe([":a\nb\nc", ":d"]);
    }

    [Fact]
    public async Task Type_without_data_never_reaches_the_next_event()
    {
        var events = await ReadAsync(new PiecesStream("event: error\n\ndata: fine\n\n"u8.ToArray(), 100));
        events.ShouldBe([":fine"]);
    }

    [Fact]
    public async Task Event_without_its_blank_line_is_not_dispatched() =>
        (await ReadAsync(new PiecesStream("data: [DONE]\n"u8.ToArray(), 100))).ShouldBeEmpty();

    [Fact]
    public async Task Invalid_utf8_passes_unchanged()
    {
        byte[] bytes = [.. "data: "u8, 0xFF, 0xC3, (byte)'\n', (byte)'\n'];
        using var reader = new SseReader(new PiecesStream(bytes, 1));
        var sseEvent = await reader.ReadAsync(TestContext.Current.CancellationToken);
        sseEvent!.Value.Data.ToArray().ShouldBe(new byte[] { 0xFF, 0xC3 });
    }

    [Fact]
    public async Task Line_over_the_limit_is_refused()
    {
        var limits = new SseLimits { MaxLineBytes = 64 };
        await Should.ThrowAsync<SseLimitException>(ReadAsync(new PiecesStream(Encoding.UTF8.GetBytes(new string('x', 65)), 7), limits));
        (await ReadAsync(new PiecesStream(Encoding.UTF8.GetBytes("data: " + new string('x', 58) + "\n\n"), 7), limits)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Event_over_the_limit_is_refused()
    {
        var limits = new SseLimits { MaxEventBytes = 10 };
        await Should.ThrowAsync<SseLimitException>(ReadAsync(new PiecesStream("data: 12345\ndata: 67890\n\n"u8.ToArray(), 100), limits));
        (await ReadAsync(new PiecesStream("data: 12345\ndata: 6789\n\n"u8.ToArray(), 100), limits)).ShouldBe([":12345\n6789"]);
    }

    [Fact]
    public async Task Line_longer_than_the_first_buffer_is_read_whole()
    {
        var text = new string('y', 300_000);
        (await ReadAsync(new PiecesStream(Encoding.UTF8.GetBytes($"data: {text}\n\ndata: z\n\n"), 4_000))).ShouldBe([":" + text, ":z"]);
    }

    [Fact]
    public async Task What_the_writer_writes_is_read_back()
    {
        await Gen.String[Gen.Char["ab:\r\n {}你"], 0, 30].SampleAsync(async text =>
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            SseWriter.WriteData(output, Encoding.UTF8.GetBytes(text));
            var expected = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            (await ReadAsync(new PiecesStream(output.WrittenSpan.ToArray(), 3))).ShouldBe([":" + expected]);
        }, iter: 500);
    }

    private static async Task<List<string>> ReadAsync(Stream stream, SseLimits? limits = null)
    {
        using var reader = new SseReader(stream, limits);
        var events = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } sseEvent)
            events.Add((sseEvent.IsComment ? "#" : sseEvent.EventType + ":") + Encoding.UTF8.GetString(sseEvent.Data.Span));
        return events;
    }
}
