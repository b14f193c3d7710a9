using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;
using Orchestration.Protocols.Tests.Anthropic;

namespace Orchestration.Protocols.Tests.Responses;

public sealed class ResponsesRequestDecoderTests
{
    [Fact]
    public void Every_member_has_its_place()
    {
        var decoded = Decoded("""
            {"model":"gpt-5","input":"Hi","instructions":"Be brief.","max_output_tokens":100,"temperature":0.5,"top_p":0.9,"stream":true,"store":false,"background":false,
            "reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
            "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},{"type":"custom","name":"c","format":{"type":"text"}},{"type":"web_search","search_context_size":"low"}],
            "tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,"metadata":{"a":"b"},"user":"u","safety_identifier":"s","prompt_cache_key":"k","service_tier":"flex",
            "include":["reasoning.encrypted_content","message.output_text.logprobs"],"top_logprobs":3,"truncation":"disabled","previous_response_id":null,"conversation":null}
            """);
        var request = decoded.Request;

        (request.Model, request.MaxOutputTokens, request.Stream, request.Protocol, request.ServiceTier, decoded.EndUser).ShouldBe(("gpt-5", 100, true, Protocol.OpenaiResponses, "flex", "s"));
        (request.Sampling.Temperature, request.Sampling.TopP, request.PromptCacheKey, request.Metadata["a"]).ShouldBe((0.5, 0.9, "k", "b"));
        (request.Reasoning.Effort, request.Reasoning.Summary).ShouldBe(("low", "auto"));
        (request.ResponseFormat.Kind, request.ResponseFormat.SchemaName, request.ResponseFormat.Schema, request.ResponseFormat.Strict).ShouldBe((ResponseFormatKind.JsonSchema, "n", """{"type":"object"}""", true));
        (request.LogProbabilities.Enabled, request.LogProbabilities.TopCount).ShouldBe((true, 3));
        request.Tools.Select(tool => (tool.Kind, tool.Name, tool.Extensions)).ShouldBe([("", "f", ""), ("custom", "c", """{"format":{"type":"text"}}"""), ("web_search", "web_search", """{"search_context_size":"low"}""")]);
        (request.ToolChoice.Mode, request.ToolChoice.Name, request.ParallelToolCalls).ShouldBe((ToolChoiceMode.Named, "f", false));
        request.Messages.Select(message => (message.Role, message.Parts[0].Text.Text_)).ShouldBe([(Role.System, "Be brief."), (Role.User, "Hi")]);
        request.Extensions.ShouldBe("""{"text":{"verbosity":"low"},"truncation":"disabled"}""");
        decoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Items_of_one_answer_become_one_turn()
    {
        var messages = Decoded("""
            {"model":"m","input":[{"role":"developer","content":"d"},{"type":"message","role":"user","content":[{"type":"input_text","text":"q"},{"type":"input_image","image_url":"https://a.example/b","detail":"low"},{"type":"input_file","filename":"f.pdf","file_data":"data:application/pdf;base64,AAAA"}]},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"e"},{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Let me see.","annotations":[]}]},
            {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"x\": 1.0}","status":"completed"},{"type":"custom_tool_call","call_id":"c2","name":"run","input":"ls"},
            {"type":"function_call_output","call_id":"c1","output":"1"},{"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]},{"role":"assistant","content":"A"},{"role":"assistant","content":"B"}]}
            """).Request.Messages;

        messages.Select(message => message.Role).ShouldBe([Role.Developer, Role.User, Role.Assistant, Role.Tool, Role.Tool, Role.Assistant, Role.Assistant]);
        (messages[1].Parts[1].Image.Url, messages[1].Parts[1].Image.Detail, messages[1].Parts[2].File.FileName).ShouldBe(("https://a.example/b", "low", "f.pdf"));
        var turn = messages[2].Parts;
        turn.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Reasoning, Part.ContentOneofCase.Text, Part.ContentOneofCase.ToolCall, Part.ContentOneofCase.ToolCall]);
        (turn[0].Reasoning.Text, turn[0].Reasoning.Signature, turn[2].ToolCall.Arguments, turn[3].ToolCall.Kind).ShouldBe(("hm", "e", """{"x": 1.0}""", "custom"));
        (messages[3].Parts[0].ToolResult.ToolCallId, messages[4].Parts[0].ToolResult.Parts[0].Text.Text_).ShouldBe(("c1", "2"));
    }

    [Theory]
    [InlineData("""{"input":"a"}""", "missing_required_parameter", "model")]
    [InlineData("""{"model":"m"}""", "missing_required_parameter", "input")]
    [InlineData("""{"model":"m","input":[]}""", "empty_array", "input")]
    [InlineData("""{"model":"m","input":5}""", "invalid_type", "input")]
    [InlineData("""{"model":"m","input":[{"role":"robot","content":"a"}]}""", "invalid_value", "input[0].role")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "missing_required_parameter", "input[0].call_id")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"x"}]}""", "unsupported_parameter", "input[0].type")]
    [InlineData("""{"model":"m","input":"a","previous_response_id":"resp_1"}""", "unsupported_parameter", "previous_response_id")]
    [InlineData("""{"model":"m","input":"a","conversation":"conv_1"}""", "unsupported_parameter", "conversation")]
    [InlineData("""{"model":"m","input":"a","prompt":{"id":"p"}}""", "unsupported_parameter", "prompt")]
    [InlineData("""{"model":"m","input":"a","background":true}""", "unsupported_parameter", "background")]
    [InlineData("""{"model":"m","input":"a","tools":[{"type":"function"}]}""", "missing_required_parameter", "tools[0].name")]
    [InlineData("""{"model":"m","input":"a","text":{"format":{"type":"json_schema","name":"n"}}}""", "missing_required_parameter", "text.format.schema")]
    [InlineData("""{"model":"m","input":"a","max_output_tokens":0}""", "integer_below_min_value", "max_output_tokens")]
    public void What_cannot_be_answered_is_refused_by_name(string body, string code, string param)
    {
        var failure = ResponsesRequestDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatRequestDecoding.Rejected>().Failure;

        (failure.Code, failure.Param).ShouldBe((code, param));
    }

    [Fact]
    public void What_is_dropped_is_told()
    {
        var decoded = Decoded("""{"model":"m","api_base":"http://evil.example","store":true,"include":["file_search_call.results"],"input":[{"role":"user","content":"a"},{"type":"web_search_call","id":"w"}]}""");

        decoded.Warnings.Select(warning => $"{warning.Code} {warning.Param}").ShouldBe(
            ["parameter_dropped api_base", "parameter_changed store", "parameter_dropped include[0]", "parameter_dropped input[1]"], ignoreOrder: true);
        decoded.Request.Extensions.ShouldBeEmpty();
    }

    [Fact]
    public void Request_reaches_a_provider_of_the_same_protocol_as_it_was()
    {
        const string body = """
            {"model":"m","instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text","text":"q"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"1"}],
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},{"type":"web_search","search_context_size":"low"}],"tool_choice":"auto","text":{"verbosity":"low"},"reasoning":{"effort":"low"},"max_output_tokens":50,"truncation":"auto"}
            """;
        var encoded = ResponsesRequestEncoder.Encode(Decoded(body).Request, new ResponsesRequestTarget { Model = "m", Stream = false, Origin = "openai/m" });
        var json = encoded.Json().AsObject();
        json.Remove("store");
        json.Remove("include");

        encoded.Warnings.ShouldBeEmpty();
        json.ShouldBeJson(body);
    }

    [Fact]
    public void Tools_that_a_provider_runs_itself_stay_with_their_protocol()
    {
        var request = Decoded("""{"model":"m","input":"a","tools":[{"type":"web_search"},{"type":"function","name":"f","parameters":{"type":"object"}}],"tool_choice":{"type":"web_search"}}""").Request;
        var encoded = Wire.ToOpenAI(request);

        encoded.Codes().ShouldBe(["parameter_dropped tools", "parameter_dropped tool_choice"]);
        encoded.Json()["tools"].ShouldBeJson("""[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]""");
    }

    private static ChatRequestDecoding.Decoded Decoded(string body) => ResponsesRequestDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatRequestDecoding.Decoded>();
}
