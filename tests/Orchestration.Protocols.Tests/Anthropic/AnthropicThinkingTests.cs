using System.Text.Json.Nodes;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicThinkingTests
{
    private const string Hi = """
        "messages":[{"role":"user","content":"Hi"}]
        """;

    private const string Loop = """
        "max_tokens":9000,"reasoning_effort":"low","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"r","thinking_blocks":[BLOCKS],
        "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"x"}]
        """;

    [Theory]
    [InlineData("minimal", 1_024)]
    [InlineData("low", 2_048)]
    [InlineData("medium", 8_192)]
    [InlineData("high", 16_384)]
    [InlineData("max", 32_768)]
    public void Effort_is_a_budget_at_models_that_take_one(string effort, int budget)
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI($$"""{{Hi}},"max_tokens":60000,"reasoning_effort":"{{effort}}" """));
        encoded.Json()["thinking"].ShouldBeJson($$"""{"type":"enabled","budget_tokens":{{budget}}}""");
        encoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Effort_is_an_effort_at_models_that_adapt()
    {
        var body = Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"reasoning_effort":"high" """), Wire.Newest).Json();
        body["thinking"].ShouldBeJson("""{"type":"adaptive"}""");
        body["output_config"].ShouldBeJson("""{"effort":"high"}""");
    }

    [Fact]
    public void No_reasoning_is_said_as_disabled() =>
        Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"reasoning_effort":"none" """)).Json()["thinking"].ShouldBeJson("""{"type":"disabled"}""");

    [Fact]
    public void Budget_bends_to_the_output_limit_of_the_caller()
    {
        var encoded = Wire.ToAnthropic(Wire.FromAnthropic(Hi.Replace("\"messages\"", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":9000},\"messages\"", StringComparison.Ordinal)));
        encoded.Json()["thinking"].ShouldBeNull();
        encoded.Codes().ShouldBe(["parameter_dropped reasoning"]);

        var request = Wire.FromOpenAI(Hi + ""","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":9000}""");
        var clamped = Wire.ToAnthropic(request);
        clamped.Json()["thinking"].ShouldBeJson("""{"type":"enabled","budget_tokens":3999}""");
        ((int)clamped.Json()["max_tokens"]!).ShouldBe(4_000);
        clamped.Codes().ShouldBe(["parameter_clamped budget_tokens"]);
    }

    [Fact]
    public void Model_that_does_not_think_is_not_asked_to() =>
        Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"reasoning_effort":"high" """), new AnthropicModelRules { Thinking = AnthropicThinking.None })
            .Codes().ShouldBe(["parameter_dropped reasoning"]);

    [Fact]
    public void Signed_thinking_goes_back_to_its_origin_first_in_its_turn()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Loop.Replace("BLOCKS", """{"type":"thinking","thinking":"r","signature":"s1","origin":"anthropic/claude"},{"type":"redacted_thinking","data":"d1"}""", StringComparison.Ordinal)));
        encoded.Json()["messages"]![1]!["content"].ShouldBeJson("""
            [{"type":"thinking","thinking":"r","signature":"s1"},{"type":"redacted_thinking","data":"d1"},{"type":"text","text":"b"},{"type":"tool_use","id":"c1","name":"f","input":{}}]
            """);
        encoded.Warnings.ShouldBeEmpty();
        encoded.Json()["thinking"].ShouldNotBeNull();
    }

    [Fact]
    public void Thinking_of_another_origin_is_dropped_and_the_loop_goes_on_without_thinking()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Loop.Replace("BLOCKS", """{"type":"thinking","thinking":"r","signature":"s1","origin":"google/gemini"}""", StringComparison.Ordinal)));
        encoded.Json()["messages"]![1]!["content"]![0]!["type"]!.GetValue<string>().ShouldBe("text");
        encoded.Json()["thinking"].ShouldBeJson("""{"type":"disabled"}""");
        encoded.Codes().ShouldBe(["parameter_dropped messages[1]", "parameter_dropped reasoning"]);
    }

    [Fact]
    public void Signed_thinking_is_not_sent_to_another_provider()
    {
        var encoded = Wire.ToOpenAI(Wire.FromOpenAI(Loop.Replace("BLOCKS", """{"type":"thinking","thinking":"r","signature":"s1"}""", StringComparison.Ordinal)));
        System.Text.Encoding.UTF8.GetString(encoded.Body.Span).ShouldNotContain("s1");
        encoded.Codes().ShouldBe(["parameter_dropped messages[1]"]);
    }

    [Fact]
    public void Anthropic_client_brings_signatures_back_with_their_origin()
    {
        var run = AnthropicRun.Of(AnthropicSamples.ThinkingToolsStream);
        var completion = run.Fold();
        completion.Response = new() { Provider = "anthropic", Model = "claude" };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        AnthropicResponseEncoder.Write(output, completion, null, "auto");
        var thinking = JsonNode.Parse(output.WrittenSpan)!["content"]![0]!;

        var next = Wire.FromAnthropic($$"""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{{thinking.ToJsonString()}},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]
            """);

        next.Messages[1].Parts[0].Reasoning.Origin.ShouldBe("anthropic/claude");
        Wire.ToAnthropic(next).Json()["messages"]![1]!["content"]![0].ShouldBeJson("""{"type":"thinking","thinking":"Need weather.","signature":"c2ln"}""");
        Wire.ToAnthropic(next, origin: "anthropic/other").Codes().ShouldBe(["parameter_dropped messages[1]"]);
    }
}
