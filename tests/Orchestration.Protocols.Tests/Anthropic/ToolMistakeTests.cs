using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Mistakes that gateways make with tools between the two protocols; numbers as in the list of known edge cases.</summary>
public sealed class ToolMistakeTests
{
    private static readonly ChatEvent Summary = new() { Summary = new Summary() };

    [Fact]
    public void Case_21_parallel_results_share_one_turn_and_stand_before_text()
    {
        var content = Wire.ToAnthropic(Wire.FromOpenAI($$"""
            "messages":[{"role":"user","content":"a"},{{Calls("c1", "c2")}},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"user","content":"text"},{"role":"tool","tool_call_id":"c2","content":"2"}]
            """)).Json()["messages"]![2]!["content"]!.AsArray();
        content.Select(block => (string)block!["type"]!).ShouldBe(["tool_result", "tool_result", "text"]);
    }

    [Fact]
    public void Case_21_results_of_different_calls_stay_apart_the_other_way()
    {
        var messages = Wire.ToOpenAI(Wire.FromAnthropic("""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}},{"type":"tool_use","id":"c2","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},{"type":"tool_result","tool_use_id":"c2","content":"2","is_error":true},{"type":"text","text":"And?"}]}]
            """)).Json()["messages"]!.AsArray();
        messages.Skip(2).Select(message => $"{message!["role"]} {message["tool_call_id"]} {message["content"]}").ShouldBe(["tool c1 1", "tool c2 [tool error] 2", "user  And?"]);
    }

    [Fact]
    public void Case_22_interleaved_arguments_reach_their_own_blocks_one_after_the_other()
    {
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream(
            "tool_calls",
            Call(0, "c1", "f", ""),
            Call(1, "c2", "g", ""),
            Arguments(0, "{\\\"a\\\""),
            Arguments(1, "{\\\"b\\\""),
            Arguments(0, ":1}"),
            Arguments(1, ":2}")));
        var stream = Wire.Encode([.. run.Events, Summary]);

        var message = AnthropicRun.Of(stream).Fold().Choices[0].Message;
        message.Parts.Select(part => $"{part.ToolCall.Id} {part.ToolCall.Name} {part.ToolCall.Arguments}").ShouldBe(["c1 f {\"a\":1}", "c2 g {\"b\":2}"]);
        var open = 0;
        foreach (var item in Wire.Events(stream))
        {
            open += item.StartsWith("content_block_start", StringComparison.Ordinal) ? 1 : item.StartsWith("content_block_stop", StringComparison.Ordinal) ? -1 : 0;
            open.ShouldBeInRange(0, 1);
        }
    }

    [Theory]
    [InlineData("functions.Bash:0")]
    [InlineData("call|a b")]
    public void Case_23_ids_that_are_not_taken_are_mapped_the_same_on_call_and_result(string id)
    {
        var messages = Wire.ToAnthropic(Wire.FromOpenAI($$"""
            "messages":[{"role":"user","content":"a"},{{Calls(id, string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')))}},{"role":"tool","tool_call_id":"{{id}}","content":"1"}]
            """)).Json()["messages"]!;
        var mapped = (string)messages[1]!["content"]![0]!["id"]!;
        mapped.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == '-');
        ((string)messages[2]!["content"]![0]!["tool_use_id"]!).ShouldBe(mapped);
        ((string)messages[1]!["content"]![1]!["id"]!).ShouldNotBe(mapped);
    }

    [Fact]
    public void Case_23_empty_id_of_an_answer_is_replaced()
    {
        var run = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream.Replace("\"toolu_01\"", "\"\"", StringComparison.Ordinal));
        run.Fold().Choices[0].Message.Parts.Where(part => part.ToolCall is not null).Select(part => part.ToolCall.Id).ShouldBe(["toolu_msg_0124_2", "toolu_02"]);
    }

    [Fact]
    public void Case_24_calls_win_over_a_finish_that_does_not_know_of_them()
    {
        AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream.Replace("\"stop_reason\":\"tool_use\"", "\"stop_reason\":\"end_turn\"", StringComparison.Ordinal))
            .Events[^1].Finish.Reason.ShouldBe(FinishReason.ToolCalls);
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("stop", Call(0, "c1", "f", "{}")));
        Wire.Encode([.. run.Events, Summary]).ShouldContain("\"stop_reason\":\"tool_use\"");
    }

    [Fact]
    public void Case_25_empty_arguments_are_an_empty_object_everywhere()
    {
        AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream).Fold().Choices[0].Message.Parts[^1].ToolCall.Arguments.ShouldBe("{}");
        var run = AnthropicRun.OfOpenAI(Wire.OpenAIStream("tool_calls", Call(0, "c1", "f", "")));
        Wire.Encode([.. run.Events, Summary]).ShouldContain("\"partial_json\":\"{}\"");
        Wire.ToAnthropic(Wire.FromOpenAI("""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}]
            """)).Json()["messages"]![1]!["content"]![0]!["input"].ShouldBeJson("{}");
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public void Case_26_call_with_unreadable_arguments_is_kept_and_told(string arguments)
    {
        var request = Wire.FromOpenAI("""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"X"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]
            """);
        request.Messages[1].Parts[0].ToolCall.Arguments = arguments;
        var encoded = Wire.ToAnthropic(request);
        ((string)encoded.Json()["messages"]![1]!["content"]![0]!["input"]!["_raw"]!).ShouldBe(arguments);
        encoded.Codes().ShouldBe(["default_max_output max_tokens", "parameter_changed messages[1]"]);
    }

    [Fact]
    public void Case_28_strict_and_schemas_without_a_type_are_fitted_to_the_model()
    {
        const string Tool = """
            "max_tokens":9,"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"properties":{"a":{}}}}}],"messages":[{"role":"user","content":"a"}]
            """;
        var older = Wire.ToAnthropic(Wire.FromOpenAI(Tool));
        older.Json()["tools"].ShouldBeJson("""[{"name":"f","input_schema":{"type":"object","properties":{"a":{}}}}]""");
        older.Codes().ShouldBe(["parameter_dropped tools[0].strict"]);
        ((bool)Wire.ToAnthropic(Wire.FromOpenAI(Tool), Wire.Newest).Json()["tools"]![0]!["strict"]!).ShouldBeTrue();
    }

    [Fact]
    public void Case_29_arguments_go_on_as_they_come()
    {
        var encoder = new Orchestration.Protocols.Anthropic.AnthropicStreamEncoder("r", "m");
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        encoder.Write(output, new ChatEvent { PartStart = new PartStart { Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "c", Name = "f" } } });
        encoder.Write(output, new ChatEvent { PartDelta = new PartDelta { Text = "{\"long" } });
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldEndWith("\"partial_json\":\"{\\\"long\"}}\n\n");
    }

    [Fact]
    public void Case_30_signed_thinking_of_a_tool_loop_comes_back_through_openai_clients()
    {
        var completion = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream, new() { Origin = "anthropic/claude" }).Fold();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Orchestration.Protocols.OpenAI.OpenAIChatCompletionEncoder.Write(output, completion, new(), "m");
        var answer = JsonNode.Parse(output.WrittenSpan)!["choices"]![0]!["message"]!;

        var encoded = Wire.ToAnthropic(Wire.FromOpenAI($$"""
            "max_tokens":9000,"reasoning_effort":"low","messages":[{"role":"user","content":"a"},{{answer.ToJsonString()}},{"role":"tool","tool_call_id":"toolu_01","content":"1"},{"role":"tool","tool_call_id":"toolu_02","content":"2"}]
            """));

        encoded.Warnings.ShouldBeEmpty();
        encoded.Json()["messages"]![1]!["content"]![0].ShouldBeJson("""{"type":"thinking","thinking":"Need weather.","signature":"c2ln"}""");
        ((string)encoded.Json()["thinking"]!["type"]!).ShouldBe("enabled");
    }

    private static string Calls(params string[] ids) =>
        $$"""{"role":"assistant","content":null,"tool_calls":[{{string.Join(',', ids.Select(id => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"f","arguments":"{}"} }"""))}}]}""";

    private static string Call(int index, string id, string name, string arguments) =>
        $$$"""
        "tool_calls":[{"index":{{{index}}},"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{{{arguments}}}"} }]
        """;

    private static string Arguments(int index, string text) =>
        $$$"""
        "tool_calls":[{"index":{{{index}}},"function":{"arguments":"{{{text}}}"} }]
        """;
}
