using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicStreamEncoderTests
{
    private const string Usage0 = """
        "usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":0}
        """;

    private static readonly string[] Opening =
    [
        """message_start {"type":"message_start","message":{"id":"msg_r-1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,""" + Usage0 + "}}",
        """ping {"type":"ping"}""",
    ];

    [Fact]
    public void Text_answer_is_a_golden_stream()
    {
        var events = Wire.Events(Wire.Encode([
            Started(), Part(0, PartKind.Text), Delta(0, "Fo"), KeepAlive(), Delta(0, "ur."), Stop(0),
            new() { Usage = new Usage { InputTokens = 5, CacheReadTokens = 7, CacheWriteTokens = 2, CacheWrite1HTokens = 1, OutputTokens = 3, ReasoningTokens = 4 } }, End("end_turn"), Summary(),
        ]));

        events.ShouldBe([
            .. Opening,
            """content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Fo"}}""",
            """ping {"type":"ping"}""",
            """content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ur."}}""",
            """content_block_stop {"type":"content_block_stop","index":0}""",
            """message_delta {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":5,"cache_creation_input_tokens":3,"cache_read_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":1},"output_tokens":7,"output_tokens_details":{"thinking_tokens":4}}}""",
            """message_stop {"type":"message_stop"}""",
        ]);
    }

    [Fact]
    public void Thinking_signature_and_redacted_thinking_are_blocks()
    {
        var events = Wire.Events(Wire.Encode([
            Started(), Part(0, PartKind.Reasoning), Delta(0, "hm"), Delta(0, "", "s1"), Stop(0),
            Part(1, PartKind.Reasoning), new() { PartDelta = new PartDelta { PartIndex = 1, Extensions = """{"thinking_blocks":[{"type":"redacted_thinking","data":"d1"}]}""" } }, Stop(1),
            Part(2, PartKind.Text), Delta(2, "a"), Stop(2), End("end_turn"), Summary(),
        ]));

        events.Skip(2).Take(6).ShouldBe([
            """content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
            """content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s1"}}""",
            """content_block_stop {"type":"content_block_stop","index":0}""",
            """content_block_start {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"d1"}}""",
            """content_block_stop {"type":"content_block_stop","index":1}""",
        ]);
    }

    [Fact]
    public void Failure_ends_with_an_error_event_and_never_with_message_stop()
    {
        var failure = new Failure { FailureClass = FailureClass.ProviderTruncated, Message = "The provider's answer ended before it was complete." };
        var stream = Wire.Encode([Started(), Part(0, PartKind.Text), Delta(0, "Fo"), new() { Error = failure }, End("end_turn"), Summary()]);
        stream.ShouldEndWith("""
            event: error
            data: {"type":"error","error":{"type":"api_error","message":"The provider's answer ended before it was complete."},"request_id":"r-1"}


            """.ReplaceLineEndings("\n"));
        stream.ShouldNotContain("message_stop");
    }

    [Fact]
    public void Answer_without_a_finish_ends_with_an_error()
    {
        var stream = Wire.Encode([Started(), Part(0, PartKind.Text), Delta(0, "Fo"), Summary()]);
        stream.ShouldContain("event: error");
        stream.ShouldNotContain("message_stop");
    }

    [Fact]
    public void Answer_without_content_is_whole_all_the_same() =>
        Wire.Events(Wire.Encode([Started(), End("end_turn"), Summary()])).Select(item => item.Split(' ')[0]).ShouldBe(["message_start", "ping", "message_delta", "message_stop"]);

    [Fact]
    public void Refusal_is_text_unless_details_tell_it()
    {
        ChatEvent[] refusal = [Started(), Part(0, PartKind.Refusal), Delta(0, "No."), Stop(0)];
        var told = Wire.Encode([.. refusal, End("stop"), Summary()]);
        told.ShouldContain("\"text\":\"No.\"");
        told.ShouldContain("\"stop_reason\":\"refusal\"");

        var finish = End("refusal");
        finish.Finish.Reason = FinishReason.ContentFilter;
        finish.Finish.Extensions = """{"stop_details":{"type":"refusal","explanation":"No."}}""";
        var detailed = Wire.Encode([.. refusal, finish, Summary()]);
        detailed.ShouldNotContain("text_delta");
        detailed.ShouldContain("""
            "stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","explanation":"No."}
            """.Trim());
    }

    [Fact]
    public void Stream_of_a_messages_endpoint_reaches_its_client_with_equal_content()
    {
        foreach (var sample in new[] { AnthropicSamples.TextStream, AnthropicSamples.ThinkingToolsStream, AnthropicSamples.RefusalStream })
        {
            var first = AnthropicRun.Of(sample);
            var second = AnthropicRun.Of(Wire.Encode([Started(), .. first.Events, Summary()]));
            second.Fold().Choices.ShouldBe(first.Fold().Choices);
            second.Decoder.Usage.ShouldBe(first.Decoder.Usage);
        }
    }

    [Fact]
    public void Blocks_of_the_providers_own_tools_reach_an_anthropic_client_whole()
    {
        var stream = Wire.Encode([Started(), .. AnthropicRun.Of(AnthropicSamples.PausedStream).Events, Summary()]);
        stream.ShouldContain("""
            "content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"news"}}
            """.Trim());
        stream.ShouldContain("\"stop_reason\":\"pause_turn\"");
        stream.ShouldContain("\"web_search_requests\":1");
    }

    [Fact]
    public void Plain_answer_is_a_golden_message()
    {
        var completion = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream).Fold();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        AnthropicResponseEncoder.Write(output, completion, null, "auto");

        System.Text.Json.Nodes.JsonNode.Parse(output.WrittenSpan).ShouldBeJson("""
            {"id":"msg_r","type":"message","role":"assistant","model":"auto","content":[{"type":"thinking","thinking":"Need weather.","signature":"c2ln"},{"type":"text","text":"Let me look."},
            {"type":"tool_use","id":"toolu_01","name":"get_weather","caller":{"type":"direct"},"input":{"city":"北京"}},{"type":"tool_use","id":"toolu_02","name":"now","caller":{"type":"direct"},"input":{}}],"stop_reason":"tool_use","stop_sequence":null,
            "usage":{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":50}}
            """);
    }

    private static ChatEvent Started() => new() { ResponseStarted = new ResponseStarted() };

    private static ChatEvent Part(int index, PartKind kind) => new() { PartStart = new PartStart { PartIndex = index, Kind = kind } };

    private static ChatEvent Delta(int index, string text, string signature = "") => new() { PartDelta = new PartDelta { PartIndex = index, Text = text, Signature = signature } };

    private static ChatEvent Stop(int index) => new() { PartStop = new PartStop { PartIndex = index } };

    private static ChatEvent KeepAlive() => new() { KeepAlive = new KeepAlive() };

    private static ChatEvent End(string raw) => new() { Finish = new Finish { Reason = FinishReason.Stop, RawReason = raw } };

    private static ChatEvent Summary() => new() { Summary = new Summary() };

    [Theory]
    [InlineData("default", "standard")]
    [InlineData("standard", "standard")]
    [InlineData("scale", "priority")]
    [InlineData("flex", null)]
    public void Tier_is_told_in_the_protocols_own_words_or_not_at_all(string reported, string? told)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        AnthropicResponseEncoder.Write(output, new ChatCompletion { Response = new ResponseStarted { ServiceTier = reported } }, null, "m");

        ((string?)System.Text.Json.Nodes.JsonNode.Parse(output.WrittenSpan)!["usage"]!["service_tier"]).ShouldBe(told);
    }
}
