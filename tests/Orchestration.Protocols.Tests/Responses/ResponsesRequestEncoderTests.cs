using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;
using Orchestration.Protocols.Tests.Anthropic;

namespace Orchestration.Protocols.Tests.Responses;

public sealed class ResponsesRequestEncoderTests
{
    private const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private const string HiBody = "\"model\":\"gpt\",\"input\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static readonly ResponsesRequestTarget Target = new() { Model = "gpt", Stream = false, Origin = "openai/gpt-5" };
    private static readonly ThinkingSwitch Reasoning = new() { Form = "effort", ByDefault = true, CanDisable = false, Efforts = new Dictionary<string, string> { ["xhigh"] = "high" } };

    [Fact]
    public void Conversation_becomes_instructions_and_items()
    {
        var encoded = Encode("""
            "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"https://a.example/x.png","detail":"low"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}},{"type":"file","file":{"file_id":"file-1"}}]},
            {"role":"developer","content":"Now in German."},
            {"role":"assistant","content":"Calling.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{ \"a\" : 1.0 }"}},{"id":"c2","type":"custom","custom":{"name":"run","input":"ls"}}]},
            {"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
            {"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"Why?"}]
            """);
        encoded.Warnings.ShouldBeEmpty();
        encoded.Json().ShouldBeJson("""
            {"model":"gpt","instructions":"Be brief.","input":[
            {"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"https://a.example/x.png","detail":"low"},{"type":"input_file","file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"},{"type":"input_file","file_id":"file-1"}]},
            {"role":"developer","content":"Now in German."},
            {"role":"assistant","content":[{"type":"output_text","text":"Calling."}]},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{ \"a\" : 1.0 }"},{"type":"custom_tool_call","call_id":"c2","name":"run","input":"ls"},
            {"type":"function_call_output","call_id":"c1","output":"one"},{"type":"custom_tool_call_output","call_id":"c2","output":"a\nb"},
            {"role":"assistant","content":[{"type":"refusal","refusal":"No."}]},{"role":"user","content":"Why?"}],"store":false}
            """);
    }

    [Fact]
    public void Instructions_alone_are_an_item() =>
        Encode("\"messages\":[{\"role\":\"system\",\"content\":\"Speak.\"}]").Json().ShouldBeJson("""{"model":"gpt","input":[{"role":"system","content":"Speak."}],"store":false}""");

    [Fact]
    public void Tools_are_flat_and_not_strict_unless_asked_for()
    {
        var encoded = Encode(Hi + """
            ,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","n":1.0},"strict":true}},{"type":"function","function":{"name":"g"}},
            {"type":"custom","custom":{"name":"run","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: A"}}}},{"type":"web_search"}],
            "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false
            """);
        encoded.Codes().ShouldBe(["parameter_dropped tools"]);
        encoded.Json().ShouldBeJson("{" + HiBody + """
            ,"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","n":1.0},"strict":true},{"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false},
            {"type":"custom","name":"run","format":{"type":"grammar","syntax":"lark","definition":"start: A"}}],"tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,"store":false}
            """);
    }

    [Theory]
    [InlineData("\"auto\"", "\"auto\"")]
    [InlineData("\"none\"", "\"none\"")]
    [InlineData("\"required\"", "\"required\"")]
    [InlineData("""{"type":"custom","custom":{"name":"f"}}""", """{"type":"custom","name":"f"}""")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""", """{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}""")]
    public void Tool_choice_is_flat(string given, string expected)
    {
        var encoded = Encode(Hi + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":" + given);
        encoded.Warnings.ShouldBeEmpty();
        encoded.Json()["tool_choice"].ShouldBeJson(expected);
    }

    [Fact]
    public void Choice_among_no_tools_is_dropped_with_a_warning()
    {
        var request = Wire.FromOpenAI(Hi);
        request.ToolChoice = new ToolChoice { Mode = ToolChoiceMode.Required };
        ResponsesRequestEncoder.Encode(request, Target).Codes().ShouldBe(["parameter_dropped tool_choice"]);
    }

    [Theory]
    [InlineData("""{"type":"json_object"}""", """{"type":"json_object"}""")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"n","description":"d","strict":true,"schema":{"type":"object"}}}""", """{"type":"json_schema","name":"n","description":"d","schema":{"type":"object"},"strict":true}""")]
    public void Shape_of_the_answer_stands_in_text(string given, string expected)
    {
        var encoded = Encode(Hi + ",\"verbosity\":\"low\",\"response_format\":" + given);
        encoded.Warnings.ShouldBeEmpty();
        encoded.Json()["text"].ShouldBeJson($$"""{"format":{{expected}},"verbosity":"low"}""");
    }

    [Fact]
    public void Wishes_that_the_protocol_has_are_sent()
    {
        var request = Wire.FromOpenAI(Hi + """
            ,"temperature":0.5,"top_p":0.9,"logprobs":true,"top_logprobs":3,"max_tokens":100,"metadata":{"a":"b"},"service_tier":"flex","prompt_cache_key":"k","stream":true
            """);
        request.EndUser = "hash";
        var encoded = ResponsesRequestEncoder.Encode(request, Target with { Stream = true });
        encoded.Warnings.ShouldBeEmpty();
        encoded.Json().ShouldBeJson("{" + HiBody + """
            ,"max_output_tokens":100,"temperature":0.5,"top_p":0.9,"top_logprobs":3,"metadata":{"a":"b"},"service_tier":"flex","prompt_cache_key":"k","safety_identifier":"hash","include":["message.output_text.logprobs"],"store":false,"stream":true}
            """);
    }

    [Fact]
    public void Wishes_that_the_protocol_does_not_have_are_dropped_with_a_warning()
    {
        var encoded = Encode(Hi + """
            ,"n":2,"stop":["x"],"seed":7,"frequency_penalty":0.5,"presence_penalty":0.5,"logit_bias":{"1":2},"top_k":4,"prediction":{"type":"content"},"store":true
            """);
        encoded.Codes().Order().ShouldBe(new[] { "frequency_penalty", "logit_bias", "n", "prediction", "presence_penalty", "seed", "stop", "store", "top_k" }.Select(name => "parameter_dropped " + name));
        encoded.Json().ShouldBeJson("{" + HiBody + ",\"store\":false}");
    }

    [Fact]
    public void Wishes_that_change_nothing_are_left_out_in_silence() =>
        Encode(Hi + ",\"n\":1,\"frequency_penalty\":0,\"presence_penalty\":0,\"store\":false,\"stream_options\":{\"include_usage\":true}").Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData(5, 16, "parameter_clamped max_output_tokens")]
    [InlineData(16, 16, null)]
    [InlineData(5000, 1000, "parameter_clamped max_output_tokens")]
    public void Output_limit_stays_within_what_the_model_takes(int asked, int sent, string? warning)
    {
        var encoded = Encode(Hi + $",\"max_tokens\":{asked}", Target with { MaxOutputTokens = 1000 });
        encoded.Json()["max_output_tokens"]!.GetValue<int>().ShouldBe(sent);
        encoded.Codes().ShouldBe(warning is null ? [] : [warning]);
    }

    [Fact]
    public void Default_limit_is_told()
    {
        var encoded = Encode(Hi, Target with { DefaultMaxOutputTokens = 200 });
        encoded.Json()["max_output_tokens"]!.GetValue<int>().ShouldBe(200);
        encoded.Codes().ShouldBe(["default_max_output max_output_tokens"]);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"low\"", "{\"effort\":\"low\"}", null)]
    [InlineData("\"reasoning_effort\":\"xhigh\"", "{\"effort\":\"high\"}", "parameter_changed reasoning_effort")]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}", "{\"effort\":\"low\",\"summary\":\"auto\"}", null)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":10000}", "{\"effort\":\"medium\"}", "parameter_changed thinking_budget")]
    [InlineData("\"reasoning_effort\":\"none\"", null, "parameter_dropped reasoning")]
    [InlineData("\"enable_thinking\":true", null, null)]
    public void Reasoning_is_said_as_an_effort(string given, string? expected, string? warning)
    {
        var encoded = Encode(Hi + "," + given, Target with { Thinking = Reasoning });
        encoded.Codes().ShouldBe(warning is null ? [] : [warning]);
        if (expected is null)
            encoded.Json()["reasoning"].ShouldBeNull();
        else
            encoded.Json()["reasoning"].ShouldBeJson(expected);
        encoded.Json()["include"].ShouldBeJson("[\"reasoning.encrypted_content\"]");
    }

    [Fact]
    public void Model_that_does_not_reason_is_not_asked_for_reasoning()
    {
        var encoded = Encode(Hi + ",\"reasoning_effort\":\"low\"", Target with { Thinking = new ThinkingSwitch { Form = "never" } });
        encoded.Codes().ShouldBe(["parameter_dropped reasoning"]);
        encoded.Json().ShouldBeJson("{" + HiBody + ",\"store\":false}");
    }

    [Fact]
    public void Rules_of_the_vendor_hold_for_sampling()
    {
        var rules = new[] { new ParameterRule { Param = "temperature", Action = ParameterAction.Drop }, new ParameterRule { Param = "top_logprobs", Action = ParameterAction.Drop }, new ParameterRule { Param = "stream_options", Action = ParameterAction.Set } };
        var encoded = Encode(Hi + ",\"temperature\":0.5,\"logprobs\":true,\"top_logprobs\":2", Target with { Rules = rules });
        encoded.Codes().ShouldBe(["parameter_dropped temperature", "parameter_dropped top_logprobs"]);
        encoded.Json().ShouldBeJson("{" + HiBody + ",\"store\":false}");
    }

    [Fact]
    public void Encrypted_reasoning_goes_back_to_its_origin_only()
    {
        var request = Wire.FromOpenAI(Hi);
        request.Messages.Add(new Message
        {
            Role = Role.Assistant,
            Parts =
            {
                Thought("Summary.", "c2Vj", "openai/gpt-5"), new Part { ToolCall = new ToolCall { Id = "c", Name = "f", Arguments = "{}" } },
                new Part { Reasoning = new ReasoningPart { Redacted = "cmVk", Origin = "openai/gpt-5" } }, Thought("x", "c2ln", "anthropic/claude"), Thought("unsigned", "", ""), Thought("nobody's", "c2ln", ""),
            },
        });
        var encoded = ResponsesRequestEncoder.Encode(request, Target);
        encoded.Codes().ShouldBe(["parameter_dropped messages[1]", "reasoning_dropped messages[1]", "parameter_dropped messages[1]"]);
        encoded.Json()["input"].ShouldBeJson("""
            [{"role":"user","content":"Hi"},{"type":"reasoning","summary":[{"type":"summary_text","text":"Summary."}],"encrypted_content":"c2Vj"},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"reasoning","summary":[],"encrypted_content":"cmVk"}]
            """);
    }

    [Fact]
    public void Reasoning_of_an_answer_comes_back_through_a_client_of_chat_completions()
    {
        var answer = VendorRun.OfEvents(new ResponsesStreamDecoder(new ResponsesDecodingOptions { Origin = "openai/gpt-5" }), ResponsesSamples.ReasoningTools).Fold();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        OpenAIChatCompletionEncoder.Write(output, answer, new OrchestrationFacts(), "m");
        var message = System.Text.Json.Nodes.JsonNode.Parse(output.WrittenSpan)!["choices"]![0]!["message"]!.ToJsonString();
        var back = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}," + message + ",{\"role\":\"tool\",\"tool_call_id\":\"call_a\",\"content\":\"s\"},{\"role\":\"tool\",\"tool_call_id\":\"call_b\",\"content\":\"n\"}]";

        Encode(back).Json()["input"]![1].ShouldBeJson("""{"type":"reasoning","summary":[{"type":"summary_text","text":"Need weather.\n\nAsk."}],"encrypted_content":"c2Vj"}""");
        Encode(back).Warnings.ShouldBeEmpty();
        Encode(back, Target with { Origin = "azure/gpt-5" }).Codes().ShouldBe(["parameter_dropped messages[1]"]);
    }

    [Fact]
    public void Members_of_the_same_protocol_go_on_but_nothing_that_is_kept_at_the_provider()
    {
        var request = Wire.FromOpenAI(Hi);
        request.Protocol = Protocol.OpenaiResponses;
        request.Extensions = """{"truncation":"auto","previous_response_id":"resp_0","background":true,"store":true,"base_url":"https://x.example"}""";
        var encoded = ResponsesRequestEncoder.Encode(request, Target);
        encoded.Codes().ShouldBe(["parameter_dropped previous_response_id", "parameter_dropped background", "parameter_dropped base_url"]);
        encoded.Json().ShouldBeJson("{" + HiBody + ",\"store\":false,\"truncation\":\"auto\"}");
    }

    [Fact]
    public void Failed_tool_and_picture_of_a_tool_are_told()
    {
        var request = Wire.FromOpenAI(Hi);
        request.Messages.Add(new Message
        {
            Role = Role.Tool,
            Parts = { new Part { ToolResult = new ToolResult { ToolCallId = "c", IsError = true, Parts = { new Part { Image = new Image { Data = Google.Protobuf.ByteString.CopyFromUtf8("abc"), MediaType = "image/png" } } } } } },
        });
        ResponsesRequestEncoder.Encode(request, Target).Json()["input"]![1].ShouldBeJson("""
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"[tool error] "},{"type":"input_image","image_url":"data:image/png;base64,YWJj"}]}
            """);
    }

    private static EncodedRequest Encode(string members, ResponsesRequestTarget? target = null) => ResponsesRequestEncoder.Encode(Wire.FromOpenAI(members), target ?? Target);

    private static Part Thought(string text, string signature, string origin) => new() { Reasoning = new ReasoningPart { Text = text, Signature = signature, Origin = origin } };
}
