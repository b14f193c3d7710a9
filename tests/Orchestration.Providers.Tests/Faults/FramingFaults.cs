using System.Globalization;
using System.IO.Compression;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>A service that takes a plain body of a quarter of a mebibyte at most.</summary>
public sealed class SmallBodyFixture : FaultsFixture
{
    public const int MaxBodyBytes = 256 * 1024;

    protected override ValueTask PrepareAsync()
    {
        Service.Settings["Execution:MaxBodyBytes"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}

public sealed class FramingFaults(SmallBodyFixture host) : IClassFixture<SmallBodyFixture>
{
    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("mixed")]
    public async Task U37_every_line_end_is_read_the_same_also_when_it_is_split(string lineEnd)
    {
        var body = lineEnd == "mixed"
            ? string.Concat(OpenAIWire.Stream.Select((d, i) => $"data: {d}{(i % 2 == 0 ? "\r\n\r\n" : "\n\r\n")}"))
            : OpenAIWire.AsBody(OpenAIWire.Stream).Replace("\n", lineEnd, StringComparison.Ordinal);

        await SaysHelloAsync(async e =>
        {
            await e.BeginStreamAsync();
            foreach (var piece in body.Split('\r'))
            {
                await e.SendAsync(piece);
                await e.SendAsync("\r");
            }
        });
    }

    [Fact]
    public async Task U38_fields_are_read_by_the_rules_of_event_streams()
    {
        var (head, tail) = (OpenAIWire.Content("Hello")[..20], OpenAIWire.Content("Hello")[20..]);
        var cut = head.LastIndexOf(',') + 1;

        var run = await SaysHelloAsync(Sends(
            $": PROCESSING\nretry: 1\0000\nid: 7\0\nunknown: x\ndata:{OpenAIWire.Role}\n\n"
            + $"event: message\nid: 8\ndata: {head[..cut]}\ndata:{head[cut..]}{tail}\nretry\n\n"
            + $"data:{OpenAIWire.Content(" world")}\n:\n\n{OpenAIWire.AsBody(OpenAIWire.Stream[3..])}"));

        run.Answer.Count(ChatEvent.EventOneofCase.KeepAlive).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task U39_type_without_data_never_reaches_the_next_event() =>
        await SaysHelloAsync(Sends("event: error\n\n" + OpenAIWire.AsBody(OpenAIWire.Stream[..2]) + "event: error\n\n" + OpenAIWire.AsBody(OpenAIWire.Stream[2..])));

    [Fact]
    public async Task U40_byte_order_mark_is_skipped() =>
        await SaysHelloAsync(Sends("\uFEFF" + OpenAIWire.AsBody(OpenAIWire.Stream)));

    [Fact]
    public async Task U40_invalid_bytes_become_one_replacement_each()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(OpenAIWire.AsBody([OpenAIWire.Content("a{bad}b")]))];
        var at = content.AsSpan().IndexOf("{bad}"u8);
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync((byte[])[.. content[..at], 0xFF, .. content[(at + 5)..]]);
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Finish, OpenAIWire.UsageChunk, OpenAIWire.Done]));
        });

        (await fault.AnswersAsync("exact")).Answer.Text.ShouldBe("a\uFFFDb");
    }

    [Fact]
    public async Task U40_characters_that_are_split_anywhere_arrive_whole()
    {
        const string Text = "你好🙂é";
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            foreach (var single in Encoding.UTF8.GetBytes(OpenAIWire.AsBody([OpenAIWire.Content(Text), .. OpenAIWire.Stream[3..]]))) await e.SendAsync((byte[])[single]);
        });

        (await fault.AnswersAsync("exact")).Answer.Text.ShouldBe(Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task U41_line_without_end_is_refused(bool begun)
    {
        var filler = new string('x', 64 * 1024);
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..(begun ? 2 : 1)]) + "data: ");
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(filler);
        });

        var run = await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");

        run.Answer.Text.ShouldBe(begun ? "Hello" : "");
    }

    [Fact]
    public async Task U41_event_without_end_is_refused()
    {
        var line = $"data: {new string(' ', 64 * 1024)}\n";
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(line);
        });

        await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");
    }

    [Fact]
    public async Task U42_tool_calls_that_come_interleaved_are_put_together()
    {
        var run = await new FaultCase(host).Asks(Sends(OpenAIWire.AsBody(
        [
            OpenAIWire.Role,
            Tool("""{"index":0,"id":"call_1","type":"function","function":{"name":"first","arguments":""}}"""),
            Tool("""{"index":1,"id":"call_2","type":"function","function":{"name":"second","arguments":"{\"a\":\"\\"}}"""),
            Tool("""{"index":0,"function":{"arguments":"{\"b\":"}}"""),
            Tool("""{"index":1,"function":{"arguments":"u00e9\"}"}}"""),
            Tool("""{"index":0,"function":{"arguments":"1}"}}"""),
            OpenAIWire.Finish.Replace("\"stop\"", "\"tool_calls\"", StringComparison.Ordinal),
            OpenAIWire.UsageChunk,
            OpenAIWire.Done,
        ]))).AnswersAsync("exact");

        var calls = run.Answer.Events.Where(e => e.PartStart?.ToolCall is not null).Select(e => e.PartStart).ToList();
        calls.Select(c => (c.ToolCall.Id, c.ToolCall.Name)).ShouldBe([("call_1", "first"), ("call_2", "second")]);
        calls.Select(c => string.Concat(run.Answer.Events.Where(e => e.PartDelta?.PartIndex == c.PartIndex).Select(e => e.PartDelta.Text)))
            .ShouldBe(["{\"b\":1}", "{\"a\":\"\\u00e9\"}"]);
    }

    [Fact]
    public async Task U43_choices_end_one_by_one_and_the_answer_with_the_last()
    {
        var fault = new FaultCase(host).Asks(Sends(OpenAIWire.AsBody([Choice(0, "a"), Choice(1, "b"), End(1, "length"), Choice(0, "c"), End(0, "stop"), OpenAIWire.UsageChunk, OpenAIWire.Done])));
        fault.Start.Request.ChoiceCount = 2;

        var run = await fault.AnswersAsync("exact");

        run.Answer.Events.Where(e => e.Finish is not null).Select(e => (e.Finish.ChoiceIndex, e.Finish.RawReason)).Order().ShouldBe([(0, "stop"), (1, "length")]);
        run.Answer.Events.Where(e => e.PartDelta?.ChoiceIndex == 0).Select(e => e.PartDelta.Text).ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task U43_choice_that_never_ends_is_a_truncation()
    {
        var fault = new FaultCase(host).Asks(Sends(OpenAIWire.AsBody([Choice(0, "a"), Choice(1, "b"), End(1, "stop")])));
        fault.Start.Request.ChoiceCount = 2;

        var run = await fault.RunAsync();

        run.Answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        run.Settlements.ShouldBe(["estimated"]);
        run.Answer.Events.ShouldNotContain(e => e.Finish != null && e.Finish.ChoiceIndex == 0);
    }

    [Fact]
    public async Task U44_unknown_members_new_events_and_nulls_never_end_a_stream() =>
        await SaysHelloAsync(Sends(
            "event: brand.new\ndata: {\"type\":\"brand.new\"}\n\n"
            + OpenAIWire.AsBody(
            [
                "{\"choices\":null}",
                "{\"choices\":[{\"index\":0,\"delta\":null}],\"usage\":null,\"x\":{\"y\":[1]}}",
                OpenAIWire.Role,
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\",\"tool_calls\":null,\"odd\":{}},\"logprobs\":null}],\"model\":null}",
                "{\"object\":\"something.else\"}",
                .. OpenAIWire.Stream[2..],
            ])));

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    [InlineData("deflate", false)]
    [InlineData("zstd", false)]
    public async Task U45_encoding_that_was_not_asked_for_is_refused_unread(string encoding, bool stream)
    {
        var fault = new FaultCase(host).Asks(e => e.ReplyAsync(200, stream ? "text/event-stream" : "application/json", OpenAIWire.Plain, $"Content-Encoding: {encoding}"));
        if (!stream) fault.Whole();

        await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "released");

        fault.Requests()[0].Headers["Accept-Encoding"].ShouldBe("identity");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task U45_bomb_is_never_opened(bool labelled)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[64 * 1024 * 1024], TestContext.Current.CancellationToken);
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{(labelled ? "Content-Encoding: gzip\r\n" : "")}Content-Length: {packed.Length}\r\nConnection: close\r\n\r\n");
            await e.SendAsync(packed.ToArray());
        }).Whole();
        var before = GC.GetTotalAllocatedBytes();

        await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", labelled ? "released" : "estimated");

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(48L * 1024 * 1024);
    }

    [Fact]
    public async Task U45_body_without_end_is_refused()
    {
        var filler = new string(' ', 32 * 1024);
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(OpenAIWire.Chunked(filler));
        }).Whole();

        await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");
    }

    private async Task<FaultRun> SaysHelloAsync(Func<UpstreamExchange, Task> script)
    {
        var run = await new FaultCase(host, "U37").Asks(script).AnswersAsync("exact");
        run.Answer.Text.ShouldBe("Hello world");
        return run;
    }

    private static Func<UpstreamExchange, Task> Sends(string body) => async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(body);
    };

    private static string Tool(string call) => $$$"""{"id":"r-1","choices":[{"index":0,"delta":{"tool_calls":[{{{call}}}]},"finish_reason":null}]}""";

    private static string Choice(int index, string text) => $$$"""{"id":"r-1","choices":[{"index":{{{index}}},"delta":{"content":"{{{text}}}"},"finish_reason":null}]}""";

    private static string End(int index, string reason) => $$$"""{"id":"r-1","choices":[{"index":{{{index}}},"delta":{},"finish_reason":"{{{reason}}}"}]}""";
}
