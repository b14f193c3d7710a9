namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicConversationTests
{
    [Fact]
    public void Turns_of_one_speaker_are_merged()
    {
        var encoded = Encode("""{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"assistant","content":"d"},{"role":"user","content":"e"}""");
        encoded.Json()["messages"].ShouldBeJson("""
            [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]},{"role":"user","content":[{"type":"text","text":"e"}]}]
            """);
        encoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Instruction_in_mid_conversation_stays_in_its_place()
    {
        var encoded = Encode("""{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"Now French."},{"role":"user","content":"c"}""");
        encoded.Json()["messages"]![2]!["content"].ShouldBeJson("""
            [{"type":"text","text":"<system-instruction>\nNow French.\n</system-instruction>"},{"type":"text","text":"c"}]
            """);
        encoded.Json()["system"].ShouldBeNull();
        encoded.Codes().ShouldBe(["parameter_changed messages[2]"]);
    }

    [Fact]
    public void Assistant_that_speaks_first_gets_a_turn_before_it()
    {
        var encoded = Encode("""{"role":"assistant","content":"Hello"},{"role":"user","content":"a"}""");
        encoded.Json()["messages"]!.AsArray().Select(turn => (string)turn!["role"]!).ShouldBe(["user", "assistant", "user"]);
        encoded.Codes().ShouldBe(["parameter_changed messages[0]"]);
    }

    [Fact]
    public void Conversation_of_instructions_only_has_a_user()
    {
        var encoded = Encode("""{"role":"system","content":"a"},{"role":"system","content":"b"}""");
        encoded.Json()["system"].ShouldBeJson("""[{"type":"text","text":"a"}]""");
        encoded.Json()["messages"].ShouldBeJson("""[{"role":"user","content":[{"type":"text","text":"b"}]}]""");
        encoded.Codes().ShouldBe(["parameter_changed messages"]);
    }

    [Fact]
    public void Call_without_a_result_gets_one_that_says_so()
    {
        var encoded = Encode("""{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"b"}""");
        encoded.Json()["messages"]![2]!["content"].ShouldBeJson("""
            [{"type":"tool_result","tool_use_id":"c1","content":"No result was recorded for this call.","is_error":true},{"type":"text","text":"b"}]
            """);
        encoded.Codes().ShouldBe(["parameter_changed messages"]);
    }

    [Fact]
    public void Call_at_the_end_gets_a_result_as_well() =>
        Encode("""{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}""")
            .Json()["messages"]!.AsArray().Count.ShouldBe(3);

    [Fact]
    public void Result_without_a_call_is_text()
    {
        var encoded = Encode("""{"role":"user","content":"a"},{"role":"tool","tool_call_id":"c9","content":"lost"}""");
        encoded.Json()["messages"]![0]!["content"].ShouldBeJson("""
            [{"type":"text","text":"a"},{"type":"text","text":"[result of the earlier tool call c9]"},{"type":"text","text":"lost"}]
            """);
        encoded.Codes().ShouldBe(["parameter_changed messages"]);
    }

    [Fact]
    public void Refusal_of_an_earlier_turn_is_text() =>
        Encode("""{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"b"}""")
            .Json()["messages"]![1]!["content"].ShouldBeJson("""[{"type":"text","text":"No."}]""");

    private static EncodedRequest Encode(string messages) => Wire.ToAnthropic(Wire.FromOpenAI($$"""
        "max_tokens":9,"messages":[{{messages}}]
        """));
}
