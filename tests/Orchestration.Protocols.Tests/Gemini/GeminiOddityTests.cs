using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Gemini;
using static Orchestration.Protocols.Tests.Gemini.GeminiSamples;

namespace Orchestration.Protocols.Tests.Gemini;

/// <summary>Answers that gateways stumble over.</summary>
public sealed class GeminiOddityTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"candidates":[]}""")]
    [InlineData("""{"candidates":null}""")]
    [InlineData("""{"candidates":[{"index":0}]}""")]
    [InlineData("""{"candidates":[{"content":null,"index":0}]}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model"},"index":0}]}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[]},"index":0}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":""},{"text":null},{}]},"finishReason":null}]}""")]
    public void Chunk_that_says_nothing_is_no_first_token(string chunk)
    {
        var run = Run(chunk, Parts("""{"text":"a"}""", "STOP"));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 stop", "0 finish Stop STOP"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"willContinue\":false}")]
    public void Empty_call_that_ends_nothing_is_no_call(string call)
    {
        var run = Run(Parts("{\"text\":\"a\"}"), Parts("{\"functionCall\":" + call + "}"), Parts("{\"text\":\"b\"}", "STOP"));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 'b'", "0.0 stop", "0 finish Stop STOP"]);
    }

    [Fact]
    public void Usage_without_candidates_at_the_end_is_counted()
    {
        var run = Run(Parts("""{"text":"a"}""", "STOP"), """{"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":1,"totalTokenCount":8}}""");

        (run.Decoder.Usage!.InputTokens, run.Decoder.Usage.OutputTokens).ShouldBe((7, 1));
    }

    [Fact]
    public void Usage_of_every_chunk_is_cumulative_so_the_last_one_holds_and_zeros_do_not()
    {
        var run = Run(Chunk("""{"content":{"parts":[{"text":"a"}]}}""", 1, 5), Chunk("""{"finishReason":"STOP"}""", 4, 9), """{"usageMetadata":{"promptTokenCount":0}}""");

        (run.Decoder.Usage!.InputTokens, run.Decoder.Usage.OutputTokens, run.Decoder.Usage.ReasoningTokens).ShouldBe((9, 4, 9));
    }

    [Fact]
    public void Event_may_have_a_byte_order_mark_no_space_comments_and_many_lines()
    {
        var stream = "\ufeff: hello\r\n\r\ndata:" + Parts("""{"text":"a"}""") + "\r\n\r\ndata: {\r\ndata:   \"candidates\": [ {\"finishReason\": \"STOP\"} ]\r\ndata: }\r\n\r\n";

        VendorRun.OfEvents(new GeminiStreamDecoder(), stream).Lines.ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 stop", "0 finish Stop STOP"]);
    }

    [Fact]
    public void Event_without_its_empty_line_at_the_end_is_a_cut()
    {
        var stream = Stream(Parts("""{"text":"a"}""")) + "data: " + Parts("""{"text":"b"}""", "STOP");

        VendorRun.OfEvents(new GeminiStreamDecoder(), stream).Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
    }

    [Fact]
    public void Call_in_the_chunk_of_the_finish_reason_is_a_tool_call()
    {
        var run = Run(Parts("""{"functionCall":{"name":"f","args":{}}}""", "STOP"));

        run.Lines.ShouldBe(["0.0 start ToolCall call_resp-1_0_0 f", "0.0 '{}'", "0.0 stop", "0 finish ToolCalls STOP"]);
    }

    [Fact]
    public void Length_wins_over_a_call_that_was_cut() =>
        Run(Parts("""{"functionCall":{"name":"f","args":{}}}""", "MAX_TOKENS")).Events[^1].Finish.Reason.ShouldBe(FinishReason.Length);

    [Theory]
    [InlineData("""{"functionCall":{"name":"f"}}""")]
    [InlineData("""{"functionCall":{"name":"f","args":null}}""")]
    [InlineData("""{"functionCall":{"name":"f","args":{}}}""")]
    public void Absent_arguments_are_an_empty_object(string part) =>
        Run(Parts(part, "STOP")).Fold().Choices[0].Message.Parts[0].ToolCall.Arguments.ShouldBe("{}");

    [Fact]
    public void Text_between_thoughts_keeps_its_place()
    {
        var run = Run(
            Parts("""{"text":"a","thought":true},{"text":"b"}"""),
            Parts("""{"text":"c","thought":true}"""),
            Parts("""{"functionCall":{"name":"f"}},{"text":"d"}""", "STOP"));

        run.Events.Where(item => item.PartStart is not null).Select(item => item.PartStart.Kind)
            .ShouldBe([PartKind.Reasoning, PartKind.Text, PartKind.Reasoning, PartKind.ToolCall, PartKind.Text]);
    }

    [Fact]
    public void Thoughts_alone_are_an_answer()
    {
        var run = Run(Parts("""{"text":"hm","thought":true}""", "MAX_TOKENS"));

        run.Lines.ShouldBe(["0.0 start Reasoning", "0.0 'hm'", "0.0 stop", "0 finish Length MAX_TOKENS"]);
    }

    [Fact]
    public void Calls_of_answers_without_an_id_never_share_one()
    {
        const string Chunk = """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"f"}}]},"finishReason":"STOP"}]}""";

        Enumerable.Range(0, 2).SelectMany(_ => Run(Chunk).Fold().Choices[0].Message.Parts.Select(part => part.ToolCall.Id)).ShouldBeUnique();
    }

    [Fact]
    public void End_marker_of_another_protocol_ends_the_answer() =>
        VendorRun.OfEvents(new GeminiStreamDecoder(), Stream(Parts("""{"text":"a"}""", "STOP"), "[DONE]", Parts("""{"text":"b"}"""))).Lines
            .ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 stop", "0 finish Stop STOP"]);

    [Fact]
    public void Failure_from_outside_is_the_last_event_and_ends_no_choice()
    {
        var decoder = new GeminiStreamDecoder();
        var events = new List<ChatEvent>();
        decoder.Decode(new Protocols.Sse.SseEvent("", System.Text.Encoding.UTF8.GetBytes(Chunk("""{"content":{"parts":[{"text":"a"}]}}""", 1, 0)), IsComment: false), events);
        decoder.Fail(new Failure { FailureClass = FailureClass.ProviderTimeout, Code = "idle_timeout" }, events);
        decoder.Complete(events);

        events.Select(VendorRun.Describe).ShouldBe(["0.0 start Text", "0.0 'a'", "usage in 9 cached 0 out 1 reasoning 0", "error ProviderTimeout idle_timeout"]);
    }

    private static VendorRun Run(params string[] chunks) => VendorRun.OfEvents(new GeminiStreamDecoder(), Stream(chunks));
}
