using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicStreamOddityTests
{
    [Fact]
    public void Duplicate_message_start_is_ignored() =>
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("12")) + AnthropicSamples.TextStream).Lines
            .ShouldBe(AnthropicRun.Of(AnthropicSamples.TextStream).Lines);

    [Fact]
    public void Second_answer_spliced_into_the_first_is_an_error()
    {
        var spliced = AnthropicSamples.Stream(
            AnthropicSamples.Start("12"),
            AnthropicSamples.BlockStart(0, """{"type":"text","text":""}"""),
            AnthropicSamples.Delta(0, """{"type":"text_delta","text":"One"}"""),
            AnthropicSamples.Start("12", "msg_other")) + AnthropicSamples.TextStream;

        var run = AnthropicRun.Of(spliced);

        run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        run.Lines.ShouldBe(["0.0 start Text", "0.0 'One'", "usage in 12 cached 0 out 1 reasoning 0", "error ProviderProtocol upstream_protocol"]);
    }

    [Fact]
    public void Block_that_begins_twice_is_an_error()
    {
        var start = AnthropicSamples.BlockStart(0, """{"type":"text","text":""}""");
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"), start, start)).Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
    }

    [Fact]
    public void Error_event_fails_the_answer_and_keeps_what_was_reported()
    {
        var run = AnthropicRun.Of(AnthropicSamples.Stream(
            AnthropicSamples.Start("12"),
            AnthropicSamples.BlockStart(0, """{"type":"text","text":"Hi"}"""),
            """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'Hi'", "usage in 12 cached 0 out 1 reasoning 0", "error ProviderOverloaded provider_overloaded"]);
        run.Decoder.Failure!.Retryable.ShouldBeTrue();
    }

    [Fact]
    public void Error_as_the_first_event_of_a_successful_answer_is_a_failure() =>
        AnthropicRun.Of("data: {\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow\"}}\n\n").Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderRateLimited);

    [Fact]
    public void Stop_without_a_reason_is_truncated() =>
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"), """{"type":"message_stop"}""")).Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);

    [Fact]
    public void Reason_without_message_stop_is_truncated()
    {
        var run = AnthropicRun.Of(AnthropicSamples.TextStream[..AnthropicSamples.TextStream.IndexOf("event: message_stop", StringComparison.Ordinal)]);
        run.Decoder.Failure!.Code.ShouldBe("upstream_stream_truncated");
        run.Events.ShouldNotContain(item => item.Finish != null);
    }

    [Fact]
    public void Malformed_event_is_a_protocol_error() =>
        AnthropicRun.Of("event: message_start\ndata: {\"type\":\n\n").Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);

    [Fact]
    public void Unknown_events_blocks_and_deltas_do_no_harm()
    {
        var stream = AnthropicSamples.Stream(
            """{"type":"news"}""",
            AnthropicSamples.Start("1"),
            AnthropicSamples.BlockStart(0, """{"type":"text","text":""}"""),
            AnthropicSamples.Delta(0, """{"type":"colour_delta","colour":"red"}"""),
            AnthropicSamples.Delta(0, """{"type":"text_delta","text":"a"}"""),
            AnthropicSamples.MessageDelta("end_turn", """{"output_tokens":1}"""),
            """{"type":"message_stop"}""",
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream).Lines.ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 stop", "usage in 1 cached 0 out 1 reasoning 0", "0 finish Stop end_turn"]);
    }

    [Fact]
    public void Surrogate_pair_cut_between_two_deltas_is_one_character()
    {
        var stream = AnthropicSamples.Stream(
            AnthropicSamples.Start("1"),
            AnthropicSamples.BlockStart(0, """{"type":"text","text":""}"""),
            AnthropicSamples.Delta(0, """{"type":"text_delta","text":"a\ud83d"}"""),
            AnthropicSamples.Delta(0, """{"type":"text_delta","text":"\ude42b"}"""),
            AnthropicSamples.BlockStop(0),
            AnthropicSamples.MessageDelta("end_turn", """{"output_tokens":1}"""),
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream).Fold().Choices[0].Message.Parts[0].Text.Text_.ShouldBe("a🙂b");
    }

    [Fact]
    public void Input_in_the_start_of_a_call_counts_when_no_fragment_comes()
    {
        var stream = AnthropicSamples.Stream(
            AnthropicSamples.Start("1"),
            AnthropicSamples.BlockStart(0, """{"type":"tool_use","id":"t1","name":"f","input":{"x": 1.0}}"""),
            AnthropicSamples.BlockStop(0),
            AnthropicSamples.MessageDelta("end_turn", """{"output_tokens":1}"""),
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream).Lines.ShouldBe(["0.0 start ToolCall t1 f", "0.0 '{\"x\": 1.0}'", "0.0 stop", "usage in 1 cached 0 out 1 reasoning 0", "0 finish ToolCalls end_turn"]);
    }

    [Fact]
    public void Call_without_a_name_is_an_error() =>
        AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("1"), AnthropicSamples.BlockStart(0, """{"type":"tool_use","id":"t1","name":""}""")))
            .Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);

    [Fact]
    public void Arguments_of_the_schema_tool_are_the_text_of_the_answer()
    {
        var stream = AnthropicSamples.Stream(
            AnthropicSamples.Start("1"),
            AnthropicSamples.BlockStart(0, $$$"""{"type":"tool_use","id":"t1","name":"{{{AnthropicSchemaTool.Name}}}","input":{}}"""),
            AnthropicSamples.Delta(0, """{"type":"input_json_delta","partial_json":"{\"a\":1}"}"""),
            AnthropicSamples.BlockStop(0),
            AnthropicSamples.MessageDelta("tool_use", """{"output_tokens":1}"""),
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream, new AnthropicDecodingOptions { SchemaTool = true }).Lines.ShouldBe(
            ["0.0 start Text", "0.0 '{\"a\":1}'", "0.0 stop", "usage in 1 cached 0 out 1 reasoning 0", "0 finish Stop tool_use"]);
    }
}
