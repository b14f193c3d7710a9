using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Responses;

namespace Orchestration.Protocols.Tests.Responses;

public sealed class ResponsesGoldenStreamTests
{
    private const string Counted = "usage in 12 cached 8 out 20 reasoning 30";

    private static readonly ResponsesDecodingOptions Options = new() { Origin = "openai/gpt-5" };

    private static readonly Dictionary<string, (string Stream, string[] Events)> Golden = new()
    {
        ["text"] = (ResponsesSamples.Text, ["0.0 start Text", "0.0 'Fö'", "0.0 'ur 四.\n'", "0.0 '🙂'", "0.0 stop", Counted, "0 finish Stop completed"]),
        ["reasoning-tools"] = (ResponsesSamples.ReasoningTools,
        [
            "0.0 start Reasoning", "0.0 'Need '", "0.0 'weather.'", "0.0 '\n\n'", "0.0 'Ask.'",
            """0.0 ''c2Vj{"thinking_blocks":[{"type":"thinking","thinking":"Need weather.\n\nAsk.","signature":"c2Vj","origin":"openai/gpt-5"}]}""", "0.0 stop",
            "0.1 start ToolCall call_a get_weather", "0.2 start ToolCall call_b now", "0.1 '{\"city\": \"北'", "0.2 '{'", "0.1 '京\"}'", "0.2 '}'", "0.1 stop", "0.2 stop",
            Counted, "0 finish ToolCalls completed",
        ]),
        ["refusal"] = (ResponsesSamples.Refusal, ["0.0 start Refusal", "0.0 'I cannot.'", "0.0 stop", Counted, "0 finish Stop completed"]),
        ["done-only"] = (ResponsesSamples.DoneOnly,
        [
            "0.0 start Reasoning", """0.0 ''{"thinking_blocks":[{"type":"redacted_thinking","data":"c2Vj","origin":"openai/gpt-5"}]}""", "0.0 stop",
            "0.1 start Text", "0.1 'Hello'", "0.1 ' world'",
            """0.1 ''{"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":0,"end_index":5}}]}""", "0.1 stop",
            "0.2 start Text", """0.2 ''{"output_items":[{"id":"ws_1","type":"web_search_call","status":"completed"}]}""", "0.2 stop",
            "0.3 start ToolCall c run", "0.3 'ls'", "0.3 stop", Counted, "0 finish ToolCalls completed",
        ]),
    };

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Golden.Keys)
        {
            data.Add(name, "\n");
            data.Add(name, "\r\n");
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
            VendorRun.OfEvents(new ResponsesStreamDecoder(Options), bytes, split, bytes.Length).Lines.ShouldBe(expected, $"split at {split}");
        VendorRun.OfEvents(new ResponsesStreamDecoder(Options), bytes, 1).Lines.ShouldBe(expected);
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
            var run = VendorRun.OfEvents(new ResponsesStreamDecoder(Options), bytes[..cut]);
            run.Decoder.Failure.ShouldNotBeNull($"cut at {cut}");
            run.Events.ShouldNotContain(item => item.Finish != null, $"cut at {cut}");
            run.Events[^1].Error.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Plain_answer_gives_the_same_message_as_its_stream()
    {
        const string Whole = """
            {"id":"resp_1","object":"response","created_at":1790000001.0,"status":"completed","model":"gpt-5-2025-08-07","output":[{"id":"rs_1","type":"reasoning","encrypted_content":"c2Vj","summary":[{"type":"summary_text","text":"Need weather."},{"type":"summary_text","text":"Ask."}]},{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"city\": \"北京\"}","call_id":"call_a","name":"get_weather"},{"id":"fc_2","type":"function_call","arguments":"","call_id":"call_b","name":"now"}],"service_tier":"default",
            """;
        var plain = ResponsesResponseDecoder.Decode(Encoding.UTF8.GetBytes(Whole + ResponsesSamples.Usage + "}"), Options);
        var streamed = VendorRun.OfEvents(new ResponsesStreamDecoder(Options), ResponsesSamples.ReasoningTools);

        VendorRun.Fold(plain.ShouldBeOfType<ChatResponseDecoding.Decoded>().Events).ShouldBe(streamed.Fold());
        plain.Reported.ShouldBe(streamed.Decoder.Reported);
        plain.Usage.ShouldBe(streamed.Decoder.Usage);
        plain.OutputSize.ShouldBe(streamed.Decoder.OutputSize);
    }

    [Fact]
    public void Provider_says_who_it_is()
    {
        var reported = VendorRun.OfEvents(new ResponsesStreamDecoder(), ResponsesSamples.Text).Decoder.Reported;
        (reported.ProviderResponseId, reported.ReportedModel, reported.ServiceTier, reported.CreatedAt.Seconds).ShouldBe(("resp_1", "gpt-5-2025-08-07", "default", 1_790_000_001));
    }

    [Theory]
    [InlineData("max_output_tokens", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("something_new", FinishReason.Length)]
    public void Incomplete_answer_is_never_a_plain_stop(string reason, FinishReason expected)
    {
        var stream = ResponsesSamples.Stream(ResponsesSamples.Created, ResponsesSamples.Delta("Hel", 0), ResponsesSamples.End("incomplete", "[]", $$"""{"reason":"{{reason}}"}"""));
        var run = VendorRun.OfEvents(new ResponsesStreamDecoder(), stream);
        run.Lines.ShouldBe(["0.0 start Text", "0.0 'Hel'", "0.0 stop", Counted, $"0 finish {expected} {reason}"]);
    }

    [Theory]
    [InlineData("""{"code":"rate_limit_exceeded","message":"Slow down."}""", FailureClass.ProviderRateLimited)]
    [InlineData("""{"code":"insufficient_quota","message":"You exceeded your current quota."}""", FailureClass.ProviderBalance)]
    [InlineData("""{"code":"server_error","message":"Sorry."}""", FailureClass.ProviderError)]
    [InlineData("""{"code":"invalid_prompt","message":"Blocked."}""", FailureClass.ContentFilter)]
    [InlineData("null", FailureClass.ProviderError)]
    public void Failed_response_tells_its_error_and_its_usage(string error, FailureClass expected)
    {
        var end = ResponsesSamples.End("failed", "[]").Replace("\"error\":null", "\"error\":" + error, StringComparison.Ordinal);
        var run = VendorRun.OfEvents(new ResponsesStreamDecoder(), ResponsesSamples.Stream(ResponsesSamples.Created, ResponsesSamples.Delta("Hel", 0), end));
        run.Decoder.Failure!.FailureClass.ShouldBe(expected);
        run.Lines.SkipLast(1).ShouldBe(["0.0 start Text", "0.0 'Hel'", Counted]);
        run.Decoder.Usage!.OutputTokens.ShouldBe(20);
    }

    [Theory]
    [InlineData("""{"type":"error","sequence_number":3,"code":"insufficient_quota","message":"You exceeded your current quota.","param":null}""")]
    [InlineData("""{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"You exceeded your current quota.","param":null}}""")]
    public void Error_event_holds_against_whatever_follows_it(string error)
    {
        var end = ResponsesSamples.End("failed", "[]").Replace("\"error\":null", "\"error\":{\"code\":\"server_error\",\"message\":\"x\"}", StringComparison.Ordinal);
        foreach (var rest in new[] { "", "data: [DONE]\n\n", ResponsesSamples.Stream(end) })
        {
            var run = VendorRun.OfEvents(new ResponsesStreamDecoder(), ResponsesSamples.Stream(ResponsesSamples.Created, error) + rest);
            run.Lines[^1].ShouldBe("error ProviderBalance provider_quota");
            run.Events.Count.ShouldBe(rest.Contains("failed", StringComparison.Ordinal) ? 2 : 1);
        }
    }

    [Theory]
    [InlineData("data: {\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}\n\n", FailureClass.ProviderError)]
    [InlineData("data: {\"type\": <\n\n", FailureClass.ProviderProtocol)]
    [InlineData("data: 7\n\n", FailureClass.ProviderProtocol)]
    [InlineData("data: {\"type\":\"response.completed\"}\n\n", FailureClass.ProviderProtocol)]
    [InlineData("data: {\"type\":\"response.output_text.delta\",\"output_index\":-1,\"delta\":\"x\"}\n\n", FailureClass.ProviderProtocol)]
    [InlineData("data: {\"type\":\"response.completed\",\"response\":{\"status\":\"in_progress\"}}\n\n", FailureClass.ProviderTruncated)]
    [InlineData("data: [DONE]\n\n", FailureClass.ProviderTruncated)]
    [InlineData("data: {\"type\":\"response.cancelled\",\"response\":{}}\n\n", FailureClass.ProviderError)]
    [InlineData("", FailureClass.ProviderTruncated)]
    public void Broken_stream_fails(string stream, FailureClass expected) =>
        VendorRun.OfEvents(new ResponsesStreamDecoder(), stream).Events.ShouldHaveSingleItem().Error.FailureClass.ShouldBe(expected);

    [Theory]
    [InlineData("", FailureClass.ProviderProtocol)]
    [InlineData("<html>", FailureClass.ProviderProtocol)]
    [InlineData("[]", FailureClass.ProviderProtocol)]
    [InlineData("""{"id":"resp_1"}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"error":{"code":"insufficient_quota","message":"x"}}""", FailureClass.ProviderBalance)]
    [InlineData("""{"status":"failed","error":{"code":"server_error","message":"x"},"output":[]}""", FailureClass.ProviderError)]
    [InlineData("""{"status":null,"output":[]}""", FailureClass.ProviderTruncated)]
    [InlineData("""{"status":"in_progress","output":[]}""", FailureClass.ProviderTruncated)]
    public void Broken_plain_answer_fails(string body, FailureClass expected) =>
        ResponsesResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    [Fact]
    public void Items_whose_ids_change_in_every_event_are_told_apart_by_their_place()
    {
        var stream = ResponsesSamples.Stream(
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"a1","type":"function_call","call_id":"c1","name":"f","arguments":""}}""",
            """{"type":"response.output_item.added","output_index":1,"item":{"id":"a2","type":"function_call","call_id":"c2","name":"g","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"b1","delta":"{\"a\":1}"}""",
            """{"type":"response.function_call_arguments.delta","output_index":1,"item_id":"b2","delta":"{\"b\":2}"}""",
            ResponsesSamples.End("completed", """[{"id":"z1","type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"id":"z2","type":"function_call","call_id":"c2","name":"g","arguments":"{\"b\":2}"}]"""));
        var calls = VendorRun.OfEvents(new ResponsesStreamDecoder(), stream).Fold().Choices[0].Message.Parts.Select(part => part.ToolCall);
        calls.Select(call => $"{call.Id} {call.Name} {call.Arguments}").ShouldBe(["c1 f {\"a\":1}", "c2 g {\"b\":2}"]);
    }

    [Fact]
    public void Log_probabilities_have_the_form_of_chat_completions()
    {
        var stream = ResponsesSamples.Stream(
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi","logprobs":[{"token":"Hi","logprob":-0.1,"top_logprobs":[]}]}""",
            ResponsesSamples.End("completed", "[]"));
        VendorRun.OfEvents(new ResponsesStreamDecoder(), stream).Fold().Choices[0].LogProbabilities
            .ShouldBe("""{"content":[{"token":"Hi","logprob":-0.1,"top_logprobs":[]}]}""");
    }
}
