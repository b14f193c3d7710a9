using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Turns a JSON schema into the subset of OpenAPI 3.0 that Gemini's <c>parameters</c> and <c>responseSchema</c> take.</summary>
internal static class GeminiSchema
{
    /// <summary>True unless the schema is an object without any property, which Gemini refuses.</summary>
    public static bool HasProperties(string schema)
    {
        if (Parse(schema) is not { } root)
            return false;
        return root["properties"] is JsonObject { Count: > 0 } || root.Any(member => member.Key is "$ref" or "anyOf" or "oneOf" or "allOf" or "additionalProperties" or "patternProperties");
    }

    /// <summary>Writes a schema as a member; what the subset cannot say is named in one warning.</summary>
    public static void Write(Utf8JsonWriter writer, string name, string schema, string param, EncodingWarnings warnings)
    {
        if (Parse(schema) is not { } root)
        {
            warnings.Dropped(param, "The schema is no JSON object.");
            return;
        }

        var reduction = new GeminiSchemaReduction(root);
        var reduced = reduction.Reduce();
        writer.WritePropertyName(name);
        reduced.WriteTo(writer);
        if (reduction.Lost.Count > 0)
            warnings.Changed(param, $"The provider's schemas do not know: {string.Join(", ", reduction.Lost)}.");
    }

    private static JsonObject? Parse(string schema)
    {
        try
        {
            return JsonNode.Parse(schema, null, JsonDocuments.Options) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
