using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class RequestEncoderTests
{
    private static readonly OpenAIRequestTarget Target = new() { Model = "up", Stream = false };

    [Fact]
    public void Stream_asks_for_usage_and_default_output_is_sent_with_a_warning()
    {
        var request = RequestDecoderTests.Decode("""{"model":"m","messages":[{"role":"user","content":"q"}]}""").Request;
        var (body, warnings) = Encode(request, Target with { Stream = true, DefaultMaxOutputTokens = 4_096 });
        body.ToJsonString().ShouldBe("""{"model":"up","messages":[{"role":"user","content":"q"}],"max_tokens":4096,"stream":true,"stream_options":{"include_usage":true}}""");
        warnings.Select(warning => (warning.Code, warning.Param)).ShouldBe([("default_max_output", "max_tokens")]);
    }

    [Fact]
    public void Members_that_the_provider_does_not_take_are_dropped_with_a_warning()
    {
        var request = RequestDecoderTests.Decode("""{"model":"m","messages":[{"role":"user","content":"q"}],"seed":1,"n":1,"verbosity":"low","max_tokens":900}""").Request;
        var (body, warnings) = Encode(request, Target with { UnsupportedMembers = new HashSet<string> { "seed", "n", "verbosity" }, MaxOutputTokens = 500, MaxTokensField = "max_completion_tokens" });
        body.ToJsonString().ShouldBe("""{"model":"up","messages":[{"role":"user","content":"q"}],"max_completion_tokens":500}""");
        warnings.Select(warning => (warning.Code, warning.Param)).ShouldBe([("parameter_dropped", "seed"), ("parameter_clamped", "max_completion_tokens"), ("parameter_dropped", "verbosity")]);
    }

    [Fact]
    public void Steering_and_repeated_members_are_never_forwarded()
    {
        var request = new ChatRequest
        {
            Protocol = Protocol.OpenaiChat,
            Extensions = """{"api_base":"http://evil","Base_URL":"x","model":"evil","stream":true,"messages":[],"temperature":9,"user":"raw","keep":1.0}""",
        };
        request.Messages.Add(new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = "q" } } } });
        var (body, warnings) = Encode(request, Target);
        body.ToJsonString().ShouldBe("""{"model":"up","messages":[{"role":"user","content":"q"}],"keep":1.0}""");
        warnings.Select(warning => warning.Param).ShouldBe(["api_base", "Base_URL"]);
    }

    [Fact]
    public void Extensions_of_another_protocol_stay_behind_with_a_warning()
    {
        var request = new ChatRequest { Protocol = Protocol.AnthropicMessages, Extensions = """{"top_a":1}""", EndUser = "hash", PromptCacheKey = "k" };
        request.Messages.Add(new Message { Role = Role.Developer, Parts = { new Part { Text = new Text { Text_ = "q" }, Extensions = """{"cache_control":{}}""" } } });
        var (body, warnings) = Encode(request, Target with { EndUserField = "user_id" });
        body.ToJsonString().ShouldBe("""{"model":"up","messages":[{"role":"system","content":"q"}],"prompt_cache_key":"k","user_id":"hash"}""");
        warnings.Single().Param.ShouldBe("extensions");
    }

    [Fact]
    public void Bytes_become_data_uris_and_results_come_before_the_rest_of_the_turn()
    {
        var request = new ChatRequest { Protocol = Protocol.AnthropicMessages };
        var turn = new Message { Role = Role.User };
        turn.Parts.Add(new Part { Text = new Text { Text_ = "see" } });
        turn.Parts.Add(new Part { Image = new Image { Data = ByteString.CopyFrom(1, 2, 3), MediaType = "image/png" } });
        turn.Parts.Add(new Part { ToolResult = new ToolResult { ToolCallId = "c", IsError = true, Parts = { new Part { Text = new Text { Text_ = "bad" } } } } });
        request.Messages.Add(turn);
        Encode(request, Target).Body["messages"]!.ToJsonString().ShouldBe(
            """[{"role":"tool","tool_call_id":"c","content":"[tool error] bad"},{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}]""");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Number_that_is_not_finite_is_dropped_with_a_warning(double value)
    {
        var (body, warnings) = Encode(new ChatRequest { Sampling = new Sampling { Temperature = value, TopP = 0.5 } }, Target);
        (body["temperature"], body["top_p"]!.GetValue<double>()).ShouldBe((null, 0.5));
        warnings.Single().Param.ShouldBe("temperature");
    }

    [Theory]
    [InlineData("thinking", """{"type":"disabled"}""")]
    [InlineData("enable_thinking", "false")]
    public void Switch_for_reasoning_is_the_vendors_own(string field, string expected)
    {
        var request = new ChatRequest { Reasoning = new Reasoning { Enabled = false } };
        Encode(request, Target with { Thinking = new ThinkingSwitch { Form = field } }).Body[field]!.ToJsonString().ShouldBe(expected);
        Encode(request, Target).Warnings.Single().Param.ShouldBe("reasoning");
    }

    [Theory]
    [InlineData(""","reasoning":{"enabled":true,"max_tokens":50}""", "enable_thinking", "true")]
    [InlineData(""","thinking":{"type":"disabled"}""", "enable_thinking", "false")]
    [InlineData(""","enable_thinking":true,"thinking_budget":5""", "thinking", """{"type":"enabled"}""")]
    [InlineData(""","enable_thinking":true,"thinking_budget":5""", "enable_thinking", "true")]
    [InlineData(""","thinking":{"type":"enabled"},"thinking_budget":5""", "enable_thinking", "true")]
    public void Switch_of_another_vendor_is_translated_and_written_once(string members, string field, string expected)
    {
        var request = RequestDecoderTests.Decode($$"""{"model":"m","messages":[{"role":"user","content":"q"}]{{members}}}""").Request;
        var body = Encode(request, Target with { Thinking = new ThinkingSwitch { Form = field } }).Body.AsObject();
        body[field]!.ToJsonString().ShouldBe(expected);
        body.Select(member => member.Key).ShouldBeUnique();
    }

    [Fact]
    public void Earlier_reasoning_is_sent_where_it_is_wanted()
    {
        var request = RequestDecoderTests.Decode("""{"model":"m","messages":[{"role":"assistant","content":"a","reasoning":"r"}]}""").Request;
        Encode(request, Target).Body["messages"]![0]!.ToJsonString().ShouldBe("""{"role":"assistant","reasoning_content":"r","content":"a"}""");
        var (body, warnings) = Encode(request, Target with { ReasoningField = "" });
        body["messages"]![0]!.ToJsonString().ShouldBe("""{"role":"assistant","content":"a"}""");
        warnings.Single().Param.ShouldBe("messages[0]");
    }

    [Fact]
    public void Budget_goes_before_an_effort_where_only_one_of_them_is_taken()
    {
        var request = new ChatRequest { Reasoning = new Reasoning { Effort = "high", BudgetTokens = 2000 } };
        var (body, warnings) = Encode(request, Target with { Thinking = new ThinkingSwitch { Form = "reasoning" } });

        body["reasoning"]!.ToJsonString().ShouldBe("""{"max_tokens":2000}""");
        warnings.ShouldHaveSingleItem().Param.ShouldBe("reasoning_effort");
    }

    private static (JsonNode Body, IReadOnlyList<Warning> Warnings) Encode(ChatRequest request, OpenAIRequestTarget target)
    {
        var encoded = OpenAIChatRequestEncoder.Encode(request, target);
        return (JsonNode.Parse(Encoding.UTF8.GetString(encoded.Body.Span))!, encoded.Warnings);
    }
}
