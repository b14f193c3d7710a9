using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Mistakes that gateways make between the two protocols; numbers as in the list of known edge cases.</summary>
public sealed class GatewayMistakeTests
{
    private static readonly ChatEvent Summary = new() { Summary = new Summary() };

    [Fact]
    public void Case_04_usage_is_asked_for_although_an_anthropic_client_never_asks() =>
        Wire.ToOpenAI(Wire.FromAnthropic("""
            "stream":true,"messages":[{"role":"user","content":"a"}]
            """)).Json()["stream_options"].ShouldBeJson("""{"include_usage":true}""");

    [Fact]
    public void Case_04_usage_is_not_told_to_openai_clients_that_did_not_ask() =>
        ToOpenAI(AnthropicRun.Of(AnthropicSamples.TextStream)).ShouldNotContain("usage");

    [Fact]
    public void Case_10_error_in_mid_stream_is_no_clean_end()
    {
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("stop", "\"content\":\"a\"").Split("\n\n")[0] + "\n\n" + "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n");
        var stream = Wire.Encode([.. run.Events, Summary]);
        stream.ShouldContain("event: error");
        stream.ShouldNotContain("message_stop");

        var chunks = ToOpenAI(AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"), AnthropicSamples.BlockStart(0, """{"type":"text","text":"a"}"""), """{"type":"error","error":{"type":"api_error","message":"x"}}""")));
        chunks.ShouldContain("\"error\"");
        chunks.ShouldNotContain("[DONE]");
        chunks.ShouldNotContain("\"finish_reason\":\"stop\"");
    }

    [Fact]
    public void Case_11_end_of_data_is_no_end_of_the_answer()
    {
        var cut = AnthropicSamples.TextStream[..AnthropicSamples.TextStream.IndexOf("event: message_stop", StringComparison.Ordinal)];
        var chunks = ToOpenAI(AnthropicRun.Of(cut));
        chunks.ShouldContain("upstream_stream_truncated");
        chunks.ShouldNotContain("[DONE]");
    }

    [Fact]
    public void Case_12_cut_is_told_as_something_to_try_again()
    {
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"))).Decoder.Failure!.Retryable.ShouldBeTrue();
        var run = AnthropicRun.OfOpenAI("data: {\"id\":\"r\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n");
        Wire.Encode([.. run.Events, Summary]).ShouldContain("\"type\":\"api_error\"");
    }

    [Fact]
    public void Case_13_each_protocol_has_its_own_end()
    {
        var anthropic = Wire.Encode([.. AnthropicRun.OfOpenAI(Samples.OpenAIStream).Events, Summary]);
        anthropic.ShouldEndWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        anthropic.ShouldNotContain("[DONE]");
        var openAI = ToOpenAI(AnthropicRun.Of(AnthropicSamples.TextStream));
        openAI.ShouldEndWith("data: [DONE]\n\n");
        openAI.ShouldNotContain("message_stop");
    }

    [Fact]
    public void Case_14_malformed_line_fails_before_anything_was_said()
    {
        var run = AnthropicRun.Of("event: ping\ndata: {\"type\": \"ping\"}\n\ndata: {broken\n\n");
        run.Events.ShouldHaveSingleItem().Error.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        run.Decoder.Failure!.Retryable.ShouldBeTrue();
    }

    [Fact]
    public void Case_16_ping_and_message_start_are_no_first_token() =>
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"), """{"type":"ping"}""")).Events.ShouldAllBe(item => item.PartDelta == null && item.PartStart == null);

    [Fact]
    public void Case_17_missing_null_and_odd_members_break_nothing()
    {
        var stream = AnthropicSamples.Stream(
            """{"type":"message_start","message":null}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text"}}""",
            """{"type":"content_block_delta","index":0,"delta":null}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":null}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":null}""",
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream).Lines.ShouldBe(["0.0 start Text", "0.0 stop", "0 finish Stop end_turn"]);
    }

    [Fact]
    public void Case_19_blank_lines_before_a_plain_answer_are_skipped() =>
        AnthropicResponseDecoder.Decode(Encoding.UTF8.GetBytes("\n\n \r\n" + AnthropicSamples.Body)).ShouldBeOfType<ChatResponseDecoding.Decoded>();

    [Fact]
    public void Case_20_lines_without_a_space_marks_and_data_of_many_lines_are_read()
    {
        var odd = "\uFEFF" + AnthropicSamples.TextStream.Replace("data: ", "data:", StringComparison.Ordinal).Replace("\"index\":0,", "\ndata:\"index\":0,", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        AnthropicRun.Of(Encoding.UTF8.GetBytes(odd)).Lines.ShouldBe(AnthropicRun.Of(AnthropicSamples.TextStream).Lines);
    }

    [Fact]
    public void Case_32_reasoning_between_text_does_not_cut_the_text()
    {
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("stop", "\"reasoning_content\":\"r1\"", "\"content\":\"One \"", "\"reasoning_content\":\"r2\"", "\"content\":\"two\""));
        var events = Wire.Events(Wire.Encode([.. run.Events, Summary]));
        events.Count(item => item.Contains("\"content_block\":{\"type\":\"text\"", StringComparison.Ordinal)).ShouldBe(1);
        string.Concat(events.Where(item => item.Contains("text_delta", StringComparison.Ordinal)).Select(item => (string)JsonNode.Parse(item[item.IndexOf('{')..])!["delta"]!["text"]!)).ShouldBe("One two");
    }

    [Fact]
    public void Case_32_answer_of_reasoning_only_is_an_answer()
    {
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("stop", "\"reasoning_content\":\"only this\""));
        Wire.Encode([.. run.Events, Summary]).ShouldContain("\"thinking\":\"only this\"");
    }

    [Fact]
    public void Case_34_switched_off_thinking_is_said_and_not_left_to_the_default() =>
        Wire.ToAnthropic(Wire.FromAnthropic("""
            "thinking":{"type":"disabled"},"messages":[{"role":"user","content":"a"}]
            """)).Json()["thinking"].ShouldBeJson("""{"type":"disabled"}""");

    [Fact]
    public void Case_31_thinking_goes_without_temperature_and_forced_tools_and_stays_below_the_limit()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI("""
            "max_tokens":3000,"reasoning_effort":"high","temperature":0.2,"tool_choice":"required","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"a"}]
            """));
        var body = encoded.Json();
        body["temperature"].ShouldBeNull();
        body["tool_choice"].ShouldBeJson("""{"type":"auto"}""");
        ((int)body["thinking"]!["budget_tokens"]!).ShouldBeInRange(1_024, 2_999);
        encoded.Codes().ShouldBe(["parameter_changed tool_choice", "parameter_dropped temperature"]);
    }

    [Fact]
    public void Case_36_lists_and_pictures_survive_both_ways()
    {
        const string Content = """[{"type":"text","text":"a"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"text","text":"b"}]""";
        var openAI = Wire.ToOpenAI(Wire.FromAnthropic($$"""
            "messages":[{"role":"user","content":{{Content}}}]
            """)).Json()["messages"]!;
        openAI.ShouldBeJson("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"b"}]}]""");
        Wire.ToAnthropic(Wire.FromOpenAI($"\"messages\":{openAI.ToJsonString()}")).Json()["messages"]![0]!["content"].ShouldBeJson(Content);
    }

    [Fact]
    public void Case_37_empty_text_blocks_are_not_sent()
    {
        var messages = Wire.ToAnthropic(Wire.FromOpenAI("""
            "messages":[{"role":"system","content":""},{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"a"}]},{"role":"assistant","content":""},{"role":"user","content":"b"}]
            """)).Json();
        messages["system"].ShouldBeNull();
        messages["messages"].ShouldBeJson("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""");
    }

    [Fact]
    public void Case_38_texts_of_merged_turns_are_not_changed() =>
        Wire.ToAnthropic(Wire.FromOpenAI("""
            "messages":[{"role":"user","content":" \"a\" "},{"role":"user","content":"b\n"}]
            """)).Json()["messages"]![0]!["content"].ShouldBeJson("""[{"type":"text","text":" \"a\" "},{"type":"text","text":"b\n"}]""");

    [Fact]
    public void Case_39_notation_of_schemas_and_arguments_is_kept()
    {
        const string Schema = """{"type":"object","z":1.0,"a":12345678901234567890,"s":"\u00e9"}""";
        var body = Encoding.UTF8.GetString(Wire.ToAnthropic(Wire.FromOpenAI($$$"""
            "tools":[{"type":"function","function":{"name":"f","parameters":{{{Schema}}}}}],"messages":[{"role":"user","content":"a"}]
            """)).Body.Span);
        body.ShouldContain("\"input_schema\":" + Schema);
    }

    [Fact]
    public void Case_40_refusal_is_a_content_filter_in_one_protocol_and_a_refusal_in_the_other()
    {
        var chunks = ToOpenAI(AnthropicRun.Of(AnthropicSamples.RefusalStream));
        chunks.ShouldContain("\"finish_reason\":\"content_filter\"");
        chunks.ShouldContain("\"refusal\":\"I cannot help with that.\"");
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("content_filter", "\"content\":\"a\""));
        Wire.Encode([.. run.Events, Summary]).ShouldContain("\"stop_reason\":\"refusal\"");
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(402, "billing_error")]
    public void Case_41_empty_account_is_no_rate_limit_and_not_tried_again(int status, string type)
    {
        var failure = AnthropicErrorDecoder.Decode(status, Encoding.UTF8.GetBytes($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"Your credit balance is too low"} }"""), default);
        (failure.FailureClass, failure.Retryable).ShouldBe((FailureClass.ProviderBalance, false));
    }

    [Fact]
    public void Case_43_words_about_the_account_of_the_operator_reach_no_client()
    {
        var failure = AnthropicErrorDecoder.Decode(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"""u8, default);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        AnthropicErrorEncoder.Write(output, failure, "r");
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldNotContain("credit");
    }

    [Fact]
    public void Case_44_content_filter_keeps_its_class_so_that_it_is_not_evaded()
    {
        var failure = AnthropicErrorDecoder.Decode(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}"""u8, default);
        (failure.FailureClass, failure.Retryable).ShouldBe((FailureClass.ContentFilter, false));
    }

    private static string ToOpenAI(AnthropicRun run)
    {
        var encoder = new OpenAIChatChunkEncoder("r", "m", DateTimeOffset.UnixEpoch, includeUsage: false);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var item in run.Events.Append(Summary))
            encoder.Write(output, item);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
