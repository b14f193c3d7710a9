using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicGoldenStreamTests
{
    private const string Signed = """{"thinking_blocks":[{"type":"thinking","thinking":"Need weather.","signature":"c2ln"}]}""";

    private static readonly Dictionary<string, (string Stream, string[] Events)> Golden = new()
    {
        ["text"] = (AnthropicSamples.TextStream,
        [
            "0.0 start Text", "0.0 'Fö'", "0.0 'ur 四.\n🙂'", "0.0 stop", "usage in 12 cached 0 out 4 reasoning 0", "0 finish Stop end_turn",
        ]),
        ["thinking-tools"] = (AnthropicSamples.ThinkingToolsStream,
        [
            "0.0 start Reasoning", "0.0 'Need '", "0.0 'weather.'", "0.0 ''" + Signed, "0.0 stop", "0.1 start Text", "0.1 'Let me look.'", "0.1 stop",
            "0.2 start ToolCall toolu_01 get_weather", "0.2 '{\"city\": \"北'", "0.2 '京\"}'", "0.2 stop",
            "0.3 start ToolCall toolu_02 now", "0.3 '{}'", "0.3 stop", "usage in 20 cached 0 out 50 reasoning 0", "0 finish ToolCalls tool_use",
        ]),
        ["refusal"] = (AnthropicSamples.RefusalStream,
        [
            "0.0 start Refusal", "0.0 'I cannot help with that.'", "0.0 stop", "usage in 9 cached 0 out 1 reasoning 0",
            """0 finish ContentFilter refusal{"stop_details":{"type":"refusal","category":"cyber","explanation":"I cannot help with that."}}""",
        ]),
        ["paused"] = (AnthropicSamples.PausedStream,
        [
            "0.0 start Text", """0.0 ''{"anthropic_blocks":[{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"news"}}]}""", "0.0 stop",
            "0.1 start Text", """0.1 ''{"anthropic_blocks":[{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}]}""", "0.1 stop",
            "0.2 start Text", """0.2 ''{"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/x","title":"X"}}]}""", "0.2 'News.'", "0.2 stop",
            "usage in 9 cached 0 out 7 reasoning 0", """0 finish Stop pause_turn{"stop_reason":"pause_turn"}""",
        ]),
    };

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Golden.Keys)
        {
            foreach (var lineEnd in new[] { "\n", "\r\n" })
                data.Add(name, lineEnd);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recorded_stream_gives_the_same_events_wherever_it_is_split(string name, string lineEnd)
    {
        var (stream, expected) = Golden[name];
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var split = 1; split < bytes.Length; split++)
            AnthropicRun.Of(bytes, null, split, bytes.Length).Lines.ShouldBe(expected, $"split at {split}");
        AnthropicRun.Of(bytes, null, 1).Lines.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stream_cut_anywhere_before_its_end_is_truncated_and_never_finished(string name, string lineEnd)
    {
        var stream = Golden[name].Stream.Replace("\n", lineEnd, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(stream);
        var end = Encoding.UTF8.GetByteCount(stream[..stream.LastIndexOf('}')]);
        for (var cut = 0; cut <= end; cut++)
        {
            var run = AnthropicRun.Of(bytes[..cut]);
            run.Decoder.Failure.ShouldNotBeNull($"cut at {cut}");
            run.Events.ShouldNotContain(item => item.Finish != null, $"cut at {cut}");
            run.Events[^1].Error.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Provider_says_who_it_is()
    {
        var reported = AnthropicRun.Of(AnthropicSamples.TextStream).Decoder.Reported;
        (reported.ProviderResponseId, reported.ReportedModel, reported.ServiceTier).ShouldBe(("msg_0124", "claude-sonnet-4-5-20250929", "standard"));
    }

    [Fact]
    public void Size_of_the_output_is_measured_on_the_way()
    {
        var size = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream).Decoder.OutputSize;
        size.CjkCharacters.ShouldBe(2);
        size.OtherCharacters.ShouldBe("Need weather.Let me look.get_weather{\"city\": \"\"}now{}".Length);
    }

    [Fact]
    public void Signature_is_told_with_its_origin()
    {
        var run = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream, new AnthropicDecodingOptions { Origin = "anthropic/claude-sonnet-4-5" });
        var signed = run.Events.Single(item => item.PartDelta is { Signature.Length: > 0 }).PartDelta;
        signed.Signature.ShouldBe("c2ln");
        signed.Extensions.ShouldEndWith("""
            "origin":"anthropic/claude-sonnet-4-5"}]}
            """);
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    [InlineData("pause_turn", FinishReason.Stop)]
    [InlineData("something_new", FinishReason.Stop)]
    public void Every_stop_reason_has_its_meaning(string raw, FinishReason expected)
    {
        var run = AnthropicRun.Of(AnthropicSamples.TextStream.Replace("end_turn", raw, StringComparison.Ordinal));
        var finish = run.Events[^1].Finish;
        (finish.Reason, finish.RawReason).ShouldBe((expected, raw));
    }

    [Fact]
    public void Stop_sequence_is_told()
    {
        var stream = AnthropicSamples.TextStream.Replace("\"end_turn\",\"stop_sequence\":null", "\"stop_sequence\",\"stop_sequence\":\"END\"", StringComparison.Ordinal);
        AnthropicRun.Of(stream).Events[^1].Finish.StopSequence.ShouldBe("END");
    }
}
