using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicRequestDecoderTests
{
    [Fact]
    public void Every_member_has_its_place()
    {
        var decoded = Decode("""
            {"model":"claude-sonnet-4-5","max_tokens":1024,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],"stream":true,"temperature":0.5,"top_p":0.9,"top_k":5,
            "stop_sequences":["END"],"metadata":{"user_id":"u-1"},"service_tier":"auto","thinking":{"type":"enabled","budget_tokens":2000},"output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}},
            "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"container":"c1",
            "messages":[{"role":"user","content":"Hi"}]}
            """).ShouldBeOfType<ChatRequestDecoding.Decoded>();
        var request = decoded.Request;

        (request.Model, request.MaxOutputTokens, request.Stream, request.Protocol, request.ServiceTier, decoded.EndUser).ShouldBe(("claude-sonnet-4-5", 1024, true, Protocol.AnthropicMessages, "auto", "u-1"));
        (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.TopK).ShouldBe((0.5, 0.9, 5));
        request.Stop.ShouldBe(["END"]);
        (request.Reasoning.Enabled, request.Reasoning.BudgetTokens, request.Reasoning.Effort).ShouldBe((true, 2000, "high"));
        (request.ResponseFormat.Kind, request.ResponseFormat.Schema).ShouldBe((ResponseFormatKind.JsonSchema, """{"type":"object"}"""));
        (request.Tools[0].Name, request.Tools[0].Description, request.Tools[0].Parameters, request.Tools[0].Strict).ShouldBe(("f", "d", """{"type":"object"}""", true));
        (request.ToolChoice.Mode, request.ToolChoice.Name, request.ParallelToolCalls).ShouldBe((ToolChoiceMode.Named, "f", false));
        (request.Messages[0].Role, request.Messages[0].Parts[0].Extensions).ShouldBe((Role.System, """{"cache_control":{"type":"ephemeral"}}"""));
        (request.Messages[1].Role, request.Messages[1].PlainContent, request.Messages[1].Parts[0].Text.Text_).ShouldBe((Role.User, true, "Hi"));
        request.Extensions.ShouldBe("""{"container":"c1"}""");
        decoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Blocks_of_every_kind_have_their_parts()
    {
        var messages = Wire.FromAnthropic("""
            "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://a.example/b"}},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"},"title":"t"},{"type":"document","source":{"type":"file","file_id":"f1"}},{"type":"later","x":1}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"tool_use","id":"t1","name":"f","caller":{"type":"direct"},"input":{"x": 1.0}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"}],"is_error":true}]}]
            """).Messages;

        var user = messages[0].Parts;
        (user[0].Image.Url, user[1].Image.Url).ShouldBe(("data:image/png;base64,AAAA", "https://a.example/b"));
        (user[2].File.Url, user[2].File.FileName, user[3].File.FileId).ShouldBe(("data:text/plain;base64,aGk=", "t", "f1"));
        user[4].Extensions.ShouldBe("""{"type":"later","x":1}""");
        var assistant = messages[1].Parts;
        (assistant[0].Reasoning.Text, assistant[0].Reasoning.Signature, assistant[1].Reasoning.Redacted).ShouldBe(("hm", "s", "d"));
        (assistant[2].ToolCall.Arguments, assistant[2].Extensions).ShouldBe(("""{"x": 1.0}""", ""));
        messages[2].Role.ShouldBe(Role.Tool);
        var result = messages[2].Parts[0].ToolResult;
        (result.ToolCallId, result.IsError, result.Parts[0].Text.Text_).ShouldBe(("t1", true, "ok"));
    }

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[]}""", "missing_required_parameter", "model")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}]}""", "missing_required_parameter", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1}""", "missing_required_parameter", "messages")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[],"system":"s"}""", "empty_array", "messages")]
    [InlineData("""{"model":"m","max_tokens":0,"messages":[]}""", "integer_below_min_value", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1,"temperature":1.5,"messages":[]}""", "decimal_above_max_value", "temperature")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"tool","content":"a"}]}""", "invalid_value", "messages[0].role")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user"}]}""", "missing_required_parameter", "messages[0].content")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "missing_required_parameter", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]}]}""", "invalid_value", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]}]}""", "invalid_type", "messages[0].content[0].input")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png"}}]}]}""", "missing_required_parameter", "messages[0].content[0].source.data")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}],"tools":[{"name":"f"}]}""", "missing_required_parameter", "tools[0].input_schema")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}],"thinking":{"type":"on"}}""", "invalid_value", "thinking.type")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}],"tool_choice":"auto"}""", "invalid_type", "tool_choice")]
    [InlineData("""{"model":"m","model":"n","max_tokens":1,"messages":[]}""", "invalid_json", "")]
    [InlineData("""[1]""", "invalid_type", "")]
    [InlineData("""{"model":"m",}""", "invalid_json", "")]
    public void Broken_request_is_refused_and_the_member_named(string body, string code, string param)
    {
        var failure = Decode(body).ShouldBeOfType<ChatRequestDecoding.Rejected>().Failure;
        (failure.Code, failure.Param).ShouldBe((code, param));
    }

    [Fact]
    public void Depth_above_the_limit_is_refused()
    {
        string Body(int depth) => $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}],"x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Decode(Body(63)).ShouldBeOfType<ChatRequestDecoding.Decoded>();
        Decode(Body(64)).ShouldBeOfType<ChatRequestDecoding.Rejected>().Failure.Code.ShouldBe("invalid_json");
    }

    [Fact]
    public void Limits_are_named()
    {
        var stops = string.Join(',', Enumerable.Repeat("\"a\"", OpenAIRequestLimits.StopSequences + 1));
        var failure = Decode($$"""{"model":"m","max_tokens":1,"messages":[],"stop_sequences":[{{stops}}]}""").ShouldBeOfType<ChatRequestDecoding.Rejected>().Failure;
        (failure.Param, failure.Message).ShouldBe(("stop_sequences", "Invalid 'stop_sequences': array too long. Expected at most 64 items, but got 65."));
    }

    [Fact]
    public void Steering_members_are_dropped_and_told()
    {
        var decoded = Decode("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"}],"api_base":"https://evil.example"}""").ShouldBeOfType<ChatRequestDecoding.Decoded>();
        decoded.Request.Extensions.ShouldBeEmpty();
        decoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("api_base");
    }

    private static ChatRequestDecoding Decode(string body) => AnthropicRequestDecoder.Decode(Encoding.UTF8.GetBytes(body));
}
