using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Ollama;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Ollama;

public sealed class OllamaRequestTests
{
    private static readonly OllamaRequestTarget Target = new() { Model = "qwen3:8b", Stream = true, ThinkLevelPrefixes = ["gpt-oss"] };

    [Fact]
    public void Whole_request_of_another_protocol_becomes_the_golden_body()
    {
        var request = RequestDecoderTests.Decode("""
            {"model":"m","messages":[
              {"role":"developer","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"What is "},{"type":"text","text":"this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]},
              {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.0}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"12:00"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}}}},{"type":"function","function":{"name":"g"}}],
             "temperature":0.5,"top_p":0.9,"top_k":-1,"seed":7,"stop":"a","max_tokens":100,"presence_penalty":0.25,"frequency_penalty":-0.25,
             "reasoning":{"enabled":true},"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}
            """).Request;

        var encoded = OllamaRequestEncoder.Encode(request, Target with { ContextWindow = 32_768 });

        AssertJson(encoded, """
            {"model":"qwen3:8b","messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":"What is this?","images":["aGk="]},
              {"role":"assistant","content":"","thinking":"hm","tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"a":1.0}}}]},
              {"role":"tool","content":"12:00","tool_name":"f","tool_call_id":"c1"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"number"}}}}},{"type":"function","function":{"name":"g","description":"","parameters":{"type":"object","properties":{}}}}],
             "format":{"type":"object"},
             "options":{"temperature":0.5,"top_p":0.9,"frequency_penalty":-0.25,"presence_penalty":0.25,"top_k":0,"seed":7,"num_predict":100,"num_ctx":32768,"stop":["a"]},
             "think":true,"stream":true}
            """);
        encoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Plain_answer_is_asked_for_in_words_because_the_server_streams_by_default()
    {
        var encoded = OllamaRequestEncoder.Encode(Decoded(""), Target with { Stream = false });

        AssertJson(encoded, """{"model":"qwen3:8b","messages":[{"role":"user","content":"x"}],"options":{},"stream":false}""");
    }

    [Theory]
    [InlineData("gpt-oss:20b", "high", "\"high\"", false)]
    [InlineData("gpt-oss:20b", "minimal", "\"low\"", true)]
    [InlineData("gpt-oss:20b", "none", "false", false)]
    [InlineData("qwen3:8b", "none", "false", false)]
    [InlineData("qwen3:8b", "high", "true", true)]
    public void Effort_becomes_the_switch_that_the_model_has(string model, string effort, string think, bool warns)
    {
        var encoded = OllamaRequestEncoder.Encode(Decoded($",\"reasoning_effort\":\"{effort}\""), Target with { Model = model });

        Json(encoded)["think"]!.ToJsonString().ShouldBe(think);
        encoded.Warnings.Select(warning => warning.Code).ShouldBe(warns ? ["parameter_changed"] : []);
    }

    [Fact]
    public void Json_without_a_schema_is_a_word() => Json(OllamaRequestEncoder.Encode(Decoded(""","response_format":{"type":"json_object"}"""), Target))["format"]!.GetValue<string>().ShouldBe("json");

    [Fact]
    public void Tools_that_must_not_be_called_are_not_sent()
    {
        var encoded = OllamaRequestEncoder.Encode(Decoded(""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none" """), Target);

        Json(encoded).ContainsKey("tools").ShouldBeFalse();
        encoded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(""","logit_bias":{"7":1}""", "logit_bias")]
    [InlineData(""","metadata":{"k":"v"}""", "metadata")]
    [InlineData(""","prompt_cache_key":"p" """, "prompt_cache_key")]
    [InlineData(""","n":2""", "n")]
    [InlineData(""","logprobs":true""", "logprobs")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required" """, "tool_choice")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false""", "parallel_tool_calls")]
    [InlineData(""","vendor_thing":1""", "vendor_thing")]
    [InlineData(""","response_format":{"type":"grammar"}""", "response_format")]
    public void Every_change_of_what_was_asked_is_a_warning(string member, string param) =>
        OllamaRequestEncoder.Encode(Decoded(member), Target).Warnings.Select(warning => warning.Param).ShouldBe([param]);

    [Fact]
    public void Pictures_are_sent_by_value()
    {
        var encoded = OllamaRequestEncoder.Encode(WithPart(new Part { Image = new Image { Data = ByteString.CopyFromUtf8("hi"), MediaType = "image/png" } }), Target);

        Json(encoded)["messages"]![0]!["images"]!.ToJsonString().ShouldBe("""["aGk="]""");
        encoded.Refused.ShouldBeNull();
    }

    [Fact]
    public void Content_that_the_server_cannot_read_refuses_the_request()
    {
        Part[] parts =
        [
            new Part { Image = new Image { Url = "https://example.com/a.png" } },
            new Part { File = new Contracts.Chat.V1.File { Url = "data:application/pdf;base64,aGk=" } },
            new Part { Audio = new Audio { Base64 = "aGk=", Format = "wav" } },
        ];

        parts.Select(part => OllamaRequestEncoder.Encode(WithPart(part), Target).Refused?.Code).ShouldAllBe(code => code == "unsupported_content");
    }

    [Fact]
    public void Default_output_limit_is_sent_with_a_warning()
    {
        var encoded = OllamaRequestEncoder.Encode(Decoded(""), Target with { DefaultMaxOutputTokens = 4096, MaxOutputTokens = 1000 });

        Json(encoded)["options"]!["num_predict"]!.GetValue<int>().ShouldBe(1000);
        encoded.Warnings.Select(warning => warning.Code).ShouldBe(["default_max_output", "parameter_clamped"]);
    }

    private static ChatRequest WithPart(Part part) => new() { Messages = { new Message { Role = Role.User, Parts = { part } } } };

    private static ChatRequest Decoded(string others) =>
        RequestDecoderTests.Decode("""{"model":"m","messages":[{"role":"user","content":"x"}]""" + others + "}").Request;

    private static JsonObject Json(EncodedRequest encoded) => JsonNode.Parse(encoded.Body.Span)!.AsObject();

    private static void AssertJson(EncodedRequest encoded, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(encoded.Body.Span), JsonNode.Parse(expected)).ShouldBeTrue(Encoding.UTF8.GetString(encoded.Body.Span));
}
