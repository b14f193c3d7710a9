using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Gemini;

/// <summary>Histories that gateways get wrong on their way to Gemini.</summary>
public sealed class GeminiHistoryTests
{
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}""";

    [Fact]
    public void Results_of_one_turn_stand_in_one_content_as_many_as_the_calls_and_before_text()
    {
        var parts = Turns(Encode("""{"role":"user","content":"x"},""" + Call + ""","""
            + """{"role":"user","content":"wait"},{"role":"tool","tool_call_id":"c2","content":"b"},{"role":"tool","tool_call_id":"c1","content":"a"}"""))[2]["parts"]!;

        parts.ToJsonString().ShouldBe(
            """[{"functionResponse":{"id":"c1","name":"f","response":{"result":"a"}}},{"functionResponse":{"id":"c2","name":"g","response":{"result":"b"}}},{"text":"wait"}]""");
    }

    [Fact]
    public void Call_without_a_result_is_answered_so_that_the_counts_agree()
    {
        var encoded = Encode("""{"role":"user","content":"x"},""" + Call + ""","""
            + """{"role":"tool","tool_call_id":"c1","content":"a"},{"role":"user","content":"go on"}""");

        Turns(encoded)[2]["parts"]!.AsArray().Count(part => part!["functionResponse"] is not null).ShouldBe(2);
        Turns(encoded)[2]["parts"]![1]!.ToJsonString().ShouldBe("""{"functionResponse":{"id":"c2","name":"g","response":{"error":"No result was given for this call."}}}""");
        encoded.Warnings.ShouldHaveSingleItem().Code.ShouldBe("parameter_changed");
    }

    [Fact]
    public void Result_without_a_call_becomes_text_instead_of_a_refused_request()
    {
        var encoded = Encode("""{"role":"user","content":"x"},{"role":"tool","tool_call_id":"zz","content":"a"}""");

        Turns(encoded)[0]["parts"]!.ToJsonString().ShouldBe("""[{"text":"[tool result zz] a"},{"text":"x"}]""");
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("messages[1]");
    }

    [Fact]
    public void Ids_that_repeat_in_later_turns_find_the_tool_of_their_own_turn()
    {
        const string First = """{"role":"assistant","tool_calls":[{"id":"call_0","type":"function","function":{"name":"f","arguments":"{}"}}]}""";
        var encoded = Encode($$"""{"role":"user","content":"x"},{{First}},{"role":"tool","tool_call_id":"call_0","content":"1"},{{First.Replace("\"f\"", "\"g\"", StringComparison.Ordinal)}},{"role":"tool","tool_call_id":"call_0","content":"2"}""");

        Turns(encoded).Where(turn => turn["role"]!.GetValue<string>() == "user").Skip(1)
            .Select(turn => turn["parts"]![0]!["functionResponse"]!["name"]!.GetValue<string>()).ShouldBe(["f", "g"]);
        encoded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Failed_tool_is_told_as_an_error()
    {
        var request = new ChatRequest
        {
            Messages =
            {
                new Message { Role = Role.User, Parts = { TextPart("x") } },
                new Message { Role = Role.Assistant, Parts = { new Part { ToolCall = new ToolCall { Id = "a", Name = "f", Arguments = "{}" } } } },
                new Message { Role = Role.User, Parts = { new Part { ToolResult = new ToolResult { ToolCallId = "a", IsError = true, Parts = { TextPart("no") } } } } },
            },
        };

        Turns(Encode(request))[2]["parts"]!.ToJsonString().ShouldBe("""[{"functionResponse":{"id":"a","name":"f","response":{"error":"no"}}}]""");
    }

    [Fact]
    public void Pictures_of_a_tool_stand_behind_its_response()
    {
        var request = new ChatRequest
        {
            Messages =
            {
                new Message { Role = Role.User, Parts = { TextPart("x") } },
                new Message { Role = Role.Assistant, Parts = { new Part { ToolCall = new ToolCall { Id = "a", Name = "f", Arguments = "{}" } } } },
                new Message { Role = Role.Tool, Parts = { new Part { ToolResult = new ToolResult { ToolCallId = "a", Parts = { new Part { Image = new Image { Url = "data:image/png;base64,aGk=" } } } } } } },
            },
        };

        Turns(Encode(request))[2]["parts"]!.ToJsonString().ShouldBe("""[{"functionResponse":{"id":"a","name":"f","response":{}}},{"inlineData":{"mimeType":"image/png","data":"aGk="}}]""");
    }

    [Fact]
    public void Arguments_that_are_no_object_are_wrapped_with_a_warning_and_leave_no_orphaned_result()
    {
        var encoded = Encode("""{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]},{"role":"tool","tool_call_id":"c1","content":"a"}""");

        Turns(encoded)[1]["parts"]![0]!["functionCall"]!["args"]!.ToJsonString().ShouldBe("""{"arguments":"{\u0022a\u0022:"}""");
        Turns(encoded)[2]["parts"]!.AsArray().ShouldHaveSingleItem()!["functionResponse"].ShouldNotBeNull();
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("messages[1].tool_calls");
    }

    [Fact]
    public void Empty_texts_are_not_sent()
    {
        var encoded = Encode("""{"role":"user","content":"x"},{"role":"assistant","content":""},{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"y"}]}""");

        encoded.Body.Span.IndexOf("\"\""u8).ShouldBe(-1);
        Turns(encoded).ShouldHaveSingleItem()["parts"]!.ToJsonString().ShouldBe("""[{"text":"x"},{"text":"y"}]""");
    }

    [Fact]
    public void Instructions_within_the_conversation_keep_their_place()
    {
        var encoded = Encode("""{"role":"system","content":"s"},{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"system","content":"now in French"}""");

        Turns(encoded)[^1].ToJsonString().ShouldBe("""{"role":"user","parts":[{"text":"now in French"}]}""");
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("messages[3]");
    }

    [Fact]
    public void History_of_another_model_gets_the_stand_in_signature_on_the_first_call_of_each_step()
    {
        var turns = Turns(Encode("""{"role":"user","content":"x"},""" + Call + ""","""
            + """{"role":"tool","tool_call_id":"c1","content":"a"},{"role":"tool","tool_call_id":"c2","content":"b"},""" + Call + ""","""
            + """{"role":"tool","tool_call_id":"c1","content":"a"},{"role":"tool","tool_call_id":"c2","content":"b"}"""));

        foreach (var step in new[] { turns[1], turns[3] })
        {
            step["parts"]![0]!["thoughtSignature"]!.GetValue<string>().ShouldBe("skip_thought_signature_validator");
            step["parts"]![1]!["thoughtSignature"].ShouldBeNull();
        }
    }

    [Fact]
    public void Models_that_check_no_signatures_get_no_stand_in()
    {
        var encoded = GeminiRequestEncoder.Encode(
            Decoded("""{"role":"user","content":"x"},""" + Call),
            new GeminiRequestTarget { Origin = "google/m", Rule = new GeminiModelRule { SignedCalls = false } });

        encoded.Body.Span.IndexOf("thoughtSignature"u8).ShouldBe(-1);
    }

    [Theory]
    [InlineData("google/m", "c2ln", 0)]
    [InlineData("anthropic/claude", "skip_thought_signature_validator", 2)]
    public void Signature_goes_back_to_its_origin_only(string origin, string expected, int warnings)
    {
        var request = new ChatRequest
        {
            Messages =
            {
                new Message { Role = Role.User, Parts = { TextPart("x") } },
                new Message
                {
                    Role = Role.Assistant,
                    Parts =
                    {
                        new Part { Reasoning = new ReasoningPart { Text = "hm", Signature = "dGg=", Origin = origin } },
                        new Part { ToolCall = new ToolCall { Id = "a", Name = "f", Arguments = "{}", Signature = "c2ln" } },
                    },
                },
            },
        };

        var encoded = Encode(request);

        var parts = Turns(encoded)[1]["parts"]!.AsArray();
        parts[^1]!["thoughtSignature"]!.GetValue<string>().ShouldBe(expected);
        parts.Count.ShouldBe(warnings == 0 ? 2 : 1);
        encoded.Warnings.Count.ShouldBe(warnings);
        if (warnings == 0)
            parts[0]!.ToJsonString().ShouldBe("""{"text":"hm","thought":true,"thoughtSignature":"dGg="}""");
    }

    [Theory]
    [InlineData("google/m", "c2ln", 0)]
    [InlineData("google/other", "skip_thought_signature_validator", 1)]
    public void Signature_that_a_client_of_another_protocol_brings_back_names_its_origin(string origin, string expected, int warnings)
    {
        const string Template = """{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"c2ln","origin":"ORIGIN"}}}]}""";

        var encoded = Encode(Template.Replace("ORIGIN", origin, StringComparison.Ordinal));

        Turns(encoded)[1]["parts"]![0]!["thoughtSignature"]!.GetValue<string>().ShouldBe(expected);
        encoded.Warnings.Count.ShouldBe(warnings);
    }

    [Fact]
    public void Signature_is_not_shown_to_another_provider()
    {
        const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"c2ln","origin":"google/m"}}}]}""";

        var encoded = OpenAIChatRequestEncoder.Encode(Decoded(Call), new OpenAIRequestTarget { Model = "gpt", Stream = false });

        encoded.Body.Span.IndexOf("c2ln"u8).ShouldBe(-1);
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("messages[0]");
    }

    [Fact]
    public void Unsigned_reasoning_of_unknown_origin_is_dropped_with_a_warning_that_is_no_change()
    {
        var encoded = Encode("""{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_content":"hm"},{"role":"user","content":"z"}""");

        Turns(encoded)[1]["parts"]!.ToJsonString().ShouldBe("""[{"text":"y"}]""");
        var warning = encoded.Warnings.ShouldHaveSingleItem();
        (warning.Code, warning.Param).ShouldBe(("reasoning_dropped", "messages[1]"));
        encoded.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Signature_of_a_text_comes_back_on_the_text()
    {
        var encoded = Encode("""{"role":"user","content":"x"},{"role":"assistant","content":"y","extra_content":{"google":{"thought_signature":"c2ln"}}},{"role":"user","content":"z"}""");

        Turns(encoded)[1]["parts"]!.ToJsonString().ShouldBe("""[{"text":"y","thoughtSignature":"c2ln"}]""");
    }

    private static Part TextPart(string text) => new() { Text = new Text { Text_ = text } };

    private static ChatRequest Decoded(string messages) => RequestDecoderTests.Decode($$"""{"model":"m","messages":[{{messages}}]}""").Request;

    private static EncodedRequest Encode(string messages) => Encode(Decoded(messages));

    private static EncodedRequest Encode(ChatRequest request) => GeminiRequestEncoder.Encode(request, new GeminiRequestTarget { Origin = "google/m" });

    private static List<JsonObject> Turns(EncodedRequest encoded) => [.. JsonNode.Parse(encoded.Body.Span)!["contents"]!.AsArray().Select(turn => turn!.AsObject())];
}
