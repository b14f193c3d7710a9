using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class RequestDecoderTests
{
    [Fact]
    public void Whole_request_is_understood()
    {
        var decoded = Decode("""
            {"model":"auto","messages":[{"role":"developer","content":"Be brief."},{"role":"user","name":"ann","content":[
            {"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low","zoom":1.50}},
            {"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"a.pdf"}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}},{"type":"video_url","video_url":{"url":"u"}}]},
            {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"42"}],
            "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},{"type":"web_search","web_search":{"enable":true}}],
            "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
            "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},"strict":true}},
            "temperature":0.5,"top_p":1,"frequency_penalty":-2,"presence_penalty":2,"seed":9007199254740993,"logit_bias":{"50":-100},"max_tokens":5,"max_completion_tokens":7,
            "stop":"END","n":2,"reasoning_effort":"low","logprobs":true,"top_logprobs":3,"metadata":{"a":"b"},"stream":true,"stream_options":{"include_usage":true},
            "service_tier":"flex","user":"u1","safety_identifier":"s1","prompt_cache_key":"k","verbosity":"low","api_base":"http://evil","orchestration":{"complexity":"simple","cost_cap":{"amount":0.05,"currency":"usd"},"deadline":"1500ms","strict":true}}
            """);
        var request = decoded.Request;
        decoded.IncludeUsage.ShouldBeTrue();
        decoded.EndUser.ShouldBe("s1");
        request.EndUser.ShouldBeEmpty();
        request.Messages.Select(message => message.Role).ShouldBe([Role.Developer, Role.User, Role.Assistant, Role.Tool]);
        request.Messages[0].PlainContent.ShouldBeTrue();
        var parts = request.Messages[1].Parts;
        parts.Select(part => part.ContentCase).ShouldBe([
            Part.ContentOneofCase.Text, Part.ContentOneofCase.Image, Part.ContentOneofCase.File, Part.ContentOneofCase.Audio, Part.ContentOneofCase.None]);
        parts[0].Extensions.ShouldBe("""{"cache_control":{"type":"ephemeral"}}""");
        parts[1].Extensions.ShouldBe("""{"image_url":{"zoom":1.50}}""");
        request.Messages[2].Parts.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Reasoning, Part.ContentOneofCase.ToolCall]);
        request.Messages[2].Parts[1].ToolCall.Arguments.ShouldBe("{\"a\": 1.0}");
        request.Messages[3].Parts.Single().ToolResult.ToolCallId.ShouldBe("c1");
        request.Tools.Select(tool => (tool.Kind, tool.Name, tool.Extensions)).ShouldBe([("", "f", ""), ("web_search", "web_search", """{"web_search":{"enable":true}}""")]);
        request.ToolChoice.ShouldBe(new ToolChoice { Mode = ToolChoiceMode.Named, Name = "f" });
        request.ResponseFormat.SchemaName.ShouldBe("s");
        request.Sampling.Seed.ShouldBe(9_007_199_254_740_993);
        request.MaxOutputTokens.ShouldBe(7);
        request.Stop.ShouldBe(["END"]);
        request.LogProbabilities.TopCount.ShouldBe(3);
        request.Hints.CostCap.Amount.ShouldBe("0.05");
        request.Hints.CostCap.Currency.ShouldBe("USD");
        request.Hints.Deadline.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(1.5));
        request.Extensions.ShouldBe("""{"verbosity":"low"}""");
        decoded.Warnings.Select(warning => (warning.Code, warning.Param)).ShouldBe([("parameter_dropped", "api_base"), ("parameter_changed", "max_tokens")]);
    }

    [Fact]
    public void Role_context_becomes_a_system_message_with_a_warning()
    {
        var decoded = Decode("""{"model":"m","messages":[{"role":"context","content":"facts"},{"role":"user","content":"q"}]}""");
        decoded.Request.Messages[0].Role.ShouldBe(Role.System);
        decoded.Warnings.Single().Code.ShouldBe("role_mapped");
        decoded.Warnings.Single().Param.ShouldBe("messages[0].role");
    }

    [Fact]
    public void Old_functions_become_tools_and_their_calls_get_ids()
    {
        var request = Decode("""
            {"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"}],
            "functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"}}
            """).Request;
        request.Tools.Single().Name.ShouldBe("f");
        request.ToolChoice.Name.ShouldBe("f");
        request.Messages[1].Parts.Single().ToolCall.Id.ShouldBe(request.Messages[2].Parts.Single().ToolResult.ToolCallId);
    }

    [Theory]
    [InlineData("\"auto\"", ToolChoiceMode.Auto)]
    [InlineData("\"none\"", ToolChoiceMode.None)]
    [InlineData("\"required\"", ToolChoiceMode.Required)]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", ToolChoiceMode.Named)]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}""", ToolChoiceMode.Other)]
    [InlineData("""{"type":7,"function":{"name":8}}""", ToolChoiceMode.Other)]
    [InlineData("\"any\"", ToolChoiceMode.Other)]
    public void Every_form_of_tool_choice_is_kept(string json, ToolChoiceMode mode) =>
        Decode($$"""{"model":"m","messages":[{"role":"user","content":"q"}],"tool_choice":{{json}}}""").Request.ToolChoice.Mode.ShouldBe(mode);

    [Theory]
    [InlineData("""{"thinking":{"type":"disabled"}}""", false, null, "")]
    [InlineData("""{"enable_thinking":true,"thinking_budget":100}""", true, 100, "")]
    [InlineData("""{"reasoning":{"effort":"high","max_tokens":9}}""", null, 9, "high")]
    [InlineData("""{"reasoning_effort":"none"}""", null, null, "none")]
    public void Switches_for_reasoning_are_understood_and_stay(string member, bool? enabled, int? budget, string effort)
    {
        var request = Decode("""{"model":"m","messages":[{"role":"user","content":"q"}],""" + member[1..]).Request;
        (request.Reasoning.HasEnabled ? request.Reasoning.Enabled : (bool?)null).ShouldBe(enabled);
        (request.Reasoning.HasBudgetTokens ? request.Reasoning.BudgetTokens : (int?)null).ShouldBe(budget);
        request.Reasoning.Effort.ShouldBe(effort);
        request.Extensions.ShouldBe(effort == "none" ? "" : member);
    }

    [Fact]
    public void Null_members_count_as_absent()
    {
        var request = Decode("""{"model":"m","messages":[{"role":"user","content":"q"}],"temperature":null,"tools":null,"stop":null,"unknown":null}""").Request;
        request.Sampling.ShouldBeNull();
        request.Extensions.ShouldBe("""{"unknown":null}""");
    }

    internal static ChatRequestDecoding.Decoded Decode(string json) =>
        OpenAIChatRequestDecoder.Decode(Encoding.UTF8.GetBytes(json)).ShouldBeOfType<ChatRequestDecoding.Decoded>(
            (OpenAIChatRequestDecoder.Decode(Encoding.UTF8.GetBytes(json)) as ChatRequestDecoding.Rejected)?.Failure.Message);
}
