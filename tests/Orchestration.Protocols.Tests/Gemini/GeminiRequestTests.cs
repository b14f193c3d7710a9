using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Gemini;

public sealed class GeminiRequestTests
{
    private static readonly GeminiModelRule Signed = new();
    private static readonly GeminiModelRule Pro25 = new() { Thinking = GeminiThinking.Budget, MinThinkingBudget = 128, MaxThinkingBudget = 32_768, SignedCalls = false, FormatWithTools = false };

    [Fact]
    public void Whole_request_of_another_protocol_becomes_the_golden_body()
    {
        var request = RequestDecoderTests.Decode("""
            {"model":"m","messages":[
              {"role":"system","content":"Be brief."},{"role":"developer","content":"Be kind."},
              {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}},{"type":"image_url","image_url":{"url":"https://example.com/a/b.jpg?x=1"}}]},
              {"role":"assistant","content":"Let me look.","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\": \"Paris\", \"n\": 1.0}"},"extra_content":{"google":{"thought_signature":"c2ln"}}},
                {"id":"c2","type":"function","function":{"name":"now","arguments":""}}]},
              {"role":"tool","tool_call_id":"c2","content":"12:00"},
              {"role":"tool","tool_call_id":"c1","content":"{\"sky\": \"grey\"}"},
              {"role":"user","content":"Go on."}],
             "tools":[{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}],
             "tool_choice":{"type":"function","function":{"name":"now"}},
             "temperature":0.5,"top_p":0.9,"top_k":40,"seed":7,"n":2,"stop":["a","b"],"max_tokens":100,"presence_penalty":0.25,"frequency_penalty":-0.25,
             "logprobs":true,"top_logprobs":3,"reasoning_effort":"low","response_format":{"type":"json_object"}}
            """).Request;

        var encoded = Encode(request, Signed);

        AssertJson(encoded, """
            {"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},
             "contents":[
              {"role":"user","parts":[{"text":"What is this?"},{"inlineData":{"mimeType":"image/png","data":"aGk="}},{"fileData":{"mimeType":"image/jpeg","fileUri":"https://example.com/a/b.jpg?x=1"}}]},
              {"role":"model","parts":[{"text":"Let me look."},
                {"functionCall":{"id":"c1","name":"get_weather","args":{"city":"Paris","n":1.0}},"thoughtSignature":"c2ln"},
                {"functionCall":{"id":"c2","name":"now","args":{}}}]},
              {"role":"user","parts":[
                {"functionResponse":{"id":"c1","name":"get_weather","response":{"sky":"grey"}}},
                {"functionResponse":{"id":"c2","name":"now","response":{"result":"12:00"}}},
                {"text":"Go on."}]}],
             "tools":[{"functionDeclarations":[{"name":"get_weather","description":"Weather","parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}}}},{"name":"now"}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["now"]}},
             "generationConfig":{"temperature":0.5,"topP":0.9,"topK":40,"frequencyPenalty":-0.25,"presencePenalty":0.25,"seed":7,"maxOutputTokens":100,"stopSequences":["a","b"],"candidateCount":2,
               "responseLogprobs":true,"logprobs":3,"responseMimeType":"application/json","thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}}}
            """);
        encoded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"none\"", "NONE")]
    [InlineData("\"auto\"", "AUTO")]
    [InlineData("\"required\"", "ANY")]
    public void Rule_for_tools_becomes_a_mode(string choice, string mode)
    {
        var body = Body(Decoded("""{"role":"user","content":"x"}""", ""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":""" + choice));

        body["toolConfig"]!.ToJsonString().ShouldBe($$$"""{"functionCallingConfig":{"mode":"{{{mode}}}"}}""");
    }

    [Fact]
    public void Strict_tools_are_held_to_their_schema()
    {
        var body = Body(Decoded("""{"role":"user","content":"x"}""", ""","tools":[{"type":"function","function":{"name":"f","strict":true}}]"""));

        body["toolConfig"]!["functionCallingConfig"]!["mode"]!.GetValue<string>().ShouldBe("VALIDATED");
    }

    [Theory]
    [InlineData(""","logit_bias":{"7":1}""", "logit_bias")]
    [InlineData(""","metadata":{"k":"v"}""", "metadata")]
    [InlineData(""","service_tier":"flex" """, "service_tier")]
    [InlineData(""","prompt_cache_key":"p" """, "prompt_cache_key")]
    [InlineData(""","seed":99999999999""", "seed")]
    [InlineData(""","top_k":-1""", "top_k")]
    [InlineData(""","stop":["1","2","3","4","5","6"]""", "stop")]
    [InlineData(""","n":9""", "n")]
    [InlineData(""","tools":[{"type":"web_search"}]""", "tools")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false""", "parallel_tool_calls")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto"}}""", "tool_choice")]
    [InlineData(""","vendor_thing":1""", "vendor_thing")]
    [InlineData(""","response_format":{"type":"grammar"}""", "response_format")]
    [InlineData(""","response_format":{"type":"json_schema","json_schema":{"name":"s","description":"d","schema":{"type":"object"}}}""", "response_format.json_schema.description")]
    public void Every_change_of_what_was_asked_is_a_warning(string member, string param) =>
        Encode(Decoded("""{"role":"user","content":"x"}""", member), Signed).Warnings.Select(warning => warning.Param).ShouldBe([param]);

    [Fact]
    public void Unsupported_members_of_the_vendor_are_dropped_with_a_warning()
    {
        var request = Decoded("""{"role":"user","content":"x"}""", ""","seed":1,"presence_penalty":1,"logprobs":true""");
        var encoded = GeminiRequestEncoder.Encode(request, new GeminiRequestTarget { Origin = "google/m", UnsupportedMembers = new HashSet<string> { "seed", "presence_penalty", "logprobs" } });

        Json(encoded)["generationConfig"]!.ToJsonString().ShouldBe("{}");
        encoded.Warnings.Select(warning => warning.Param).ShouldBe(["presence_penalty", "seed", "logprobs"], ignoreOrder: true);
    }

    [Fact]
    public void Output_limit_is_the_default_when_none_was_given_and_is_clamped_to_the_models()
    {
        var target = new GeminiRequestTarget { Origin = "google/m", DefaultMaxOutputTokens = 4096, MaxOutputTokens = 1000 };
        var encoded = GeminiRequestEncoder.Encode(Decoded("""{"role":"user","content":"x"}"""), target);

        Json(encoded)["generationConfig"]!["maxOutputTokens"]!.GetValue<int>().ShouldBe(1000);
        encoded.Warnings.Select(warning => warning.Code).ShouldBe(["default_max_output", "parameter_clamped"]);
    }

    [Theory]
    [InlineData("none", 128, true)]
    [InlineData("minimal", 512, false)]
    [InlineData("low", 1024, false)]
    [InlineData("medium", 8192, false)]
    [InlineData("high", 24576, false)]
    [InlineData("max", 32768, false)]
    public void Effort_becomes_a_budget_for_models_that_take_one(string effort, int budget, bool warns)
    {
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, Reasoning = new Reasoning { Effort = effort } }, Pro25);

        Json(encoded)["generationConfig"]!["thinkingConfig"]!["thinkingBudget"]!.GetValue<int>().ShouldBe(budget);
        encoded.Warnings.Count.ShouldBe(warns ? 1 : 0);
    }

    [Theory]
    [InlineData(0, "high", 800, false)]
    [InlineData(0, "low", 800, false)]
    [InlineData(900, "", 800, true)]
    [InlineData(700, "", 700, false)]
    public void Budget_leaves_room_for_an_answer_within_the_output_limit(int asked, string effort, int sent, bool warns)
    {
        var reasoning = new Reasoning { Effort = effort };
        if (asked > 0)
            reasoning.BudgetTokens = asked;
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, MaxOutputTokens = 1000, Reasoning = reasoning }, Pro25);

        Json(encoded)["generationConfig"]!["thinkingConfig"]!["thinkingBudget"]!.GetValue<int>().ShouldBe(sent);
        encoded.Warnings.Select(warning => warning.Code).ShouldBe(warns ? ["parameter_clamped"] : []);
    }

    [Theory]
    [InlineData(50, 128, true)]
    [InlineData(5000, 5000, false)]
    [InlineData(90000, 32768, true)]
    public void Budget_is_clamped_to_the_models(int asked, int sent, bool warns)
    {
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, Reasoning = new Reasoning { BudgetTokens = asked } }, Pro25);

        Json(encoded)["generationConfig"]!["thinkingConfig"]!.ToJsonString().ShouldBe($$"""{"thinkingBudget":{{sent}},"includeThoughts":true}""");
        encoded.Warnings.Select(warning => warning.Code).ShouldBe(warns ? ["parameter_clamped"] : []);
    }

    [Fact]
    public void Thinking_that_can_be_turned_off_is_turned_off()
    {
        var rule = Pro25 with { CanStopThinking = true };
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, Reasoning = new Reasoning { Enabled = false } }, rule);

        Json(encoded)["generationConfig"]!["thinkingConfig"]!.ToJsonString().ShouldBe("""{"thinkingBudget":0}""");
        encoded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("low", "low", false)]
    [InlineData("minimal", "low", true)]
    [InlineData("medium", "high", true)]
    [InlineData("xhigh", "high", true)]
    [InlineData("none", "low", true)]
    public void Effort_becomes_the_nearest_level_that_the_model_knows(string effort, string level, bool warns)
    {
        var rule = Signed with { ThinkingLevels = ["low", "high"] };
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, Reasoning = new Reasoning { Effort = effort } }, rule);

        Json(encoded)["generationConfig"]!["thinkingConfig"]!["thinkingLevel"]!.GetValue<string>().ShouldBe(level);
        encoded.Warnings.Count.ShouldBe(warns ? 1 : 0);
    }

    [Fact]
    public void Model_that_does_not_think_is_not_asked_to()
    {
        var encoded = Encode(new ChatRequest { Messages = { User("x") }, Reasoning = new Reasoning { Effort = "high" } }, Signed with { Thinking = GeminiThinking.None });

        Json(encoded)["generationConfig"]!.ToJsonString().ShouldBe("{}");
        encoded.Warnings.ShouldHaveSingleItem().Code.ShouldBe("parameter_dropped");
    }

    [Fact]
    public void Shape_and_tools_together_are_asked_only_of_models_that_can()
    {
        var request = Decoded("""{"role":"user","content":"x"}""", ""","tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_object"}""");

        Json(Encode(request, Signed))["generationConfig"]!["responseMimeType"].ShouldNotBeNull();
        var encoded = Encode(request, Pro25);
        Json(encoded)["generationConfig"]!["responseMimeType"].ShouldBeNull();
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("response_format");
    }

    [Fact]
    public void Own_members_of_the_protocol_go_on_and_steering_ones_do_not()
    {
        var request = new ChatRequest
        {
            Protocol = Protocol.Gemini,
            Messages = { User("x") },
            Extensions = """{"safetySettings":[{"category":"C","threshold":"BLOCK_NONE"}],"cachedContent":"cachedContents/1","generationConfig":{"mediaResolution":"LOW","temperature":9,"thinkingConfig":{"x":1.0}},"toolConfig":{"retrievalConfig":{"a":1}},"api_key":"k","model":"other"}""",
        };

        var encoded = Encode(request, Signed);

        AssertJson(encoded, """
            {"contents":[{"role":"user","parts":[{"text":"x"}]}],"toolConfig":{"retrievalConfig":{"a":1}},
             "generationConfig":{"thinkingConfig":{"x":1.0},"mediaResolution":"LOW"},
             "safetySettings":[{"category":"C","threshold":"BLOCK_NONE"}],"cachedContent":"cachedContents/1"}
            """);
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("api_key");
    }

    [Fact]
    public void Members_of_other_protocols_never_loosen_the_safety_settings()
    {
        var encoded = Encode(Decoded("""{"role":"user","content":"x"}""", ""","safetySettings":[{"category":"C","threshold":"BLOCK_NONE"}]"""), Signed);

        Json(encoded).ContainsKey("safetySettings").ShouldBeFalse();
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("safetySettings");
    }

    [Fact]
    public void Files_and_recordings_are_sent_by_value_or_by_the_providers_own_address()
    {
        var request = new ChatRequest
        {
            Messages =
            {
                new Message
                {
                    Role = Role.User,
                    Parts =
                    {
                        new Part { Image = new Image { Data = ByteString.CopyFromUtf8("hi"), MediaType = "image/webp", Detail = "high" } },
                        new Part { File = new Contracts.Chat.V1.File { Url = "aGk=", FileName = "a.pdf" } },
                        new Part { File = new Contracts.Chat.V1.File { FileId = "files/abc", MediaType = "text/csv" } },
                        new Part { Audio = new Audio { Base64 = "aGk=", Format = "mp3" } },
                    },
                },
            },
        };

        var encoded = Encode(request, Signed);

        Json(encoded)["contents"]![0]!["parts"]!.ToJsonString().ShouldBe(
            """[{"inlineData":{"mimeType":"image/webp","data":"aGk="}},{"inlineData":{"mimeType":"application/pdf","data":"aGk="}},{"fileData":{"mimeType":"text/csv","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},{"inlineData":{"mimeType":"audio/mp3","data":"aGk="}}]""");
        encoded.Warnings.Select(warning => warning.Param).ShouldBe(["messages[0].detail", "messages[0].filename"]);
        encoded.Refused.ShouldBeNull();
    }

    [Fact]
    public void File_that_only_another_provider_has_refuses_the_request()
    {
        var message = new Message { Role = Role.User, Parts = { new Part { File = new Contracts.Chat.V1.File { FileId = "file-openai" } } } };

        var refused = Encode(new ChatRequest { Messages = { message } }, Signed).Refused!;

        (refused.Code, refused.Param).ShouldBe(("unsupported_content", "messages[0]"));
    }

    [Fact]
    public void Conversation_begins_with_the_user()
    {
        var encoded = Encode(Decoded("""{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"}"""), Signed);

        Json(encoded)["contents"]!.AsArray().Select(turn => turn!["role"]!.GetValue<string>()).ShouldBe(["user", "model", "user"]);
        encoded.Warnings.ShouldHaveSingleItem().Code.ShouldBe("parameter_changed");
    }

    [Fact]
    public void Instructions_alone_are_sent_as_the_users()
    {
        var encoded = Encode(Decoded("""{"role":"system","content":"Write a poem."}"""), Signed);

        AssertJson(encoded, """{"contents":[{"role":"user","parts":[{"text":"Write a poem."}]}],"generationConfig":{}}""");
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("messages");
    }

    private static Message User(string text) => new() { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = text } } } };

    private static ChatRequest Decoded(string messages, string others = "") =>
        RequestDecoderTests.Decode($$"""{"model":"m","messages":[{{messages}}]{{others}}}""").Request;

    private static EncodedRequest Encode(ChatRequest request, GeminiModelRule rule) =>
        GeminiRequestEncoder.Encode(request, new GeminiRequestTarget { Origin = "google/m", Rule = rule });

    private static JsonObject Body(ChatRequest request) => Json(Encode(request, Signed));

    private static JsonObject Json(EncodedRequest encoded) => JsonNode.Parse(encoded.Body.Span)!.AsObject();

    private static void AssertJson(EncodedRequest encoded, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(encoded.Body.Span), JsonNode.Parse(expected)).ShouldBeTrue(Encoding.UTF8.GetString(encoded.Body.Span));
}
