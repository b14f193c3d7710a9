using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Gemini;

namespace Orchestration.Protocols.Tests.Gemini;

public sealed class GeminiSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","$schema":"s","properties":{"a":{"type":"string","minLength":1}},"required":["a","gone"],"additionalProperties":false}""",
        """{"type":"OBJECT","properties":{"a":{"type":"STRING","minLength":1}},"required":["a"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"integer","format":"int32"}}}""",
        """{"type":"OBJECT","properties":{"a":{"type":"INTEGER","format":"int32"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"]}}}""", """{"type":"OBJECT","properties":{"a":{"nullable":true,"type":"STRING"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","integer"],"description":"d"}}}""",
        """{"type":"OBJECT","properties":{"a":{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}],"description":"d"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[{"type":"string"},{"type":"null"}]}}}""", """{"type":"OBJECT","properties":{"a":{"nullable":true,"type":"STRING"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[{"type":"string"},{"type":"number","maximum":1.50}]}}}""",
        """{"type":"OBJECT","properties":{"a":{"anyOf":[{"type":"STRING"},{"type":"NUMBER","maximum":1.50}]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"const":"x"},"b":{"enum":["p","q"]}}}""",
        """{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["x"]},"b":{"type":"STRING","enum":["p","q"]}}}""")]
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"boolean"}},"required":["b"]}]}""",
        """{"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"BOOLEAN"}},"required":["a","b"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"minItems":1}}}""",
        """{"type":"OBJECT","properties":{"a":{"type":"ARRAY","minItems":1,"items":{"type":"STRING"}}}}""")]
    public void Schema_is_put_into_the_subset_without_loss(string schema, string expected)
    {
        var encoded = Encode(schema);

        AssertParameters(encoded, expected);
        encoded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","default":"x","examples":["y"]}}}""", """{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}""", "default, examples")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","enum":[1,2]}}}""", """{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["1","2"]}}}""", "enum of other types than string")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","format":"uri"}}}""", """{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}""", "format")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}}}""", """{"type":"OBJECT","properties":{"a":{"type":"ARRAY","items":{"type":"STRING"}}}}""", "lists of anything")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}}""", """{"type":"OBJECT","properties":{"a":{"type":"OBJECT"}}}""", "additionalProperties")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"https://example.com/s.json"}}}""", """{"type":"OBJECT","properties":{"a":{}}}""", "$ref")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","not":{"const":1},"exclusiveMinimum":0}}}""", """{"type":"OBJECT","properties":{"a":{"type":"NUMBER"}}}""", "exclusiveMinimum, not")]
    public void What_the_subset_cannot_say_is_named_in_a_warning(string schema, string expected, string lost)
    {
        var encoded = Encode(schema);

        AssertParameters(encoded, expected);
        var warning = encoded.Warnings.ShouldHaveSingleItem();
        (warning.Code, warning.Param, warning.Message).ShouldBe(("parameter_changed", "tools.f.parameters", $"The provider's schemas do not know: {lost}."));
    }

    [Fact]
    public void Schema_that_contains_itself_ends()
    {
        var encoded = Encode("""{"type":"object","properties":{"child":{"$ref":"#"},"other":{"$ref":"#"}}}""");

        encoded.Body.Length.ShouldBeLessThan(2_000_000);
        encoded.Warnings.ShouldHaveSingleItem().Message.ShouldContain("depth");
    }

    [Fact]
    public void Reference_to_itself_alone_ends() => Encode("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}""").Body.Length.ShouldBeLessThan(2_000);

    [Theory]
    [InlineData("")]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{}}""")]
    public void Tool_without_parameters_names_none(string schema) => Parameters(Encode(schema)).ShouldBeNull();

    [Fact]
    public void Shape_of_the_answer_is_put_into_the_subset_too()
    {
        var request = new ChatRequest
        {
            Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "x" } } } } },
            ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, SchemaName = "s", Schema = """{"type":"object","properties":{"a":{"type":"string"}}}""" },
        };

        var config = Json(Encode(request))["generationConfig"]!;
        config.ToJsonString().ShouldBe("""{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}""");
    }

    private static EncodedRequest Encode(string schema) => Encode(new ChatRequest
    {
        Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "x" } } } } },
        Tools = { new Tool { Name = "f", Parameters = schema } },
    });

    private static EncodedRequest Encode(ChatRequest request) =>
        GeminiRequestEncoder.Encode(request, new GeminiRequestTarget { Origin = "google/m", Rule = new GeminiModelRule { JsonSchema = false } });

    private static JsonObject Json(EncodedRequest encoded) => JsonNode.Parse(encoded.Body.Span)!.AsObject();

    private static JsonNode? Parameters(EncodedRequest encoded) => Json(encoded)["tools"]![0]!["functionDeclarations"]![0]!["parameters"];

    private static void AssertParameters(EncodedRequest encoded, string expected) =>
        JsonNode.DeepEquals(Parameters(encoded), JsonNode.Parse(expected)).ShouldBeTrue(Parameters(encoded)?.ToJsonString());
}
