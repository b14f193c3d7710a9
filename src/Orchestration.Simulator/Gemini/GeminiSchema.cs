using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Gemini;

/// <summary>Refuses members that the API does not know: at the top, in the configuration, and in schemas of its own kind.</summary>
internal static class GeminiSchema
{
    private static readonly FrozenSet<string> Top =
    [
        "model", "contents", "systemInstruction", "system_instruction", "generationConfig", "generation_config", "tools", "toolConfig",
        "tool_config", "safetySettings", "safety_settings", "cachedContent", "labels", "store", "serviceTier",
    ];

    private static readonly FrozenSet<string> Config =
    [
        "temperature", "topP", "topK", "maxOutputTokens", "candidateCount", "stopSequences", "seed", "presencePenalty", "frequencyPenalty",
        "responseMimeType", "responseSchema", "responseJsonSchema", "responseLogprobs", "logprobs", "thinkingConfig", "mediaResolution",
        "responseModalities", "speechConfig", "imageConfig", "enableEnhancedCivicAnswers",
    ];

    private static readonly FrozenSet<string> Schema =
    [
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties",
        "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum",
    ];

    public static void CheckMembers(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new WireRefusalException("Invalid JSON payload received. Unexpected token.");
        Check(root, Top, "");
        var config = root.Member("generationConfig") ?? default;
        Check(config, Config, " at 'generation_config'");
        CheckSchema(config.Member("responseSchema"), "generation_config.response_schema");
        var position = 0;
        foreach (var declaration in Declarations(root))
        {
            if (declaration.Text("name") is not { Length: > 0 and <= 128 })
                throw new WireRefusalException($"* GenerateContentRequest.tools[0].function_declarations[{position}].name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n");
            if (declaration.Member("parameters") is not null && declaration.Member("parametersJsonSchema") is not null)
                throw new WireRefusalException($"* GenerateContentRequest.tools[0].function_declarations[{position}]: only one of parameters and parameters_json_schema may be set.\n");
            CheckSchema(declaration.Member("parameters"), $"tools[0].function_declarations[{position++}].parameters");
        }
        CheckTemperature(config);
    }

    public static IEnumerable<JsonElement> Declarations(JsonElement root)
    {
        if (root.Member("tools") is not { ValueKind: JsonValueKind.Array } tools)
            yield break;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.Member("functionDeclarations") is not { ValueKind: JsonValueKind.Array } declarations)
                continue;
            foreach (var declaration in declarations.EnumerateArray())
                yield return declaration;
        }
    }

    private static void CheckTemperature(JsonElement config)
    {
        if (config.Member("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() is < 0 or > 2)
            throw new WireRefusalException("* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n");
    }

    private static void CheckSchema(JsonElement? schema, string place)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } known)
            return;
        Check(known, Schema, $" at '{place}'");
        if (known.Member("type") is { ValueKind: not JsonValueKind.String })
            throw new WireRefusalException($"Invalid JSON payload received. Unknown name \"type\" at '{place}': Proto field is not repeating, cannot start list.");
        CheckSchema(known.Member("items"), place + ".items");
        if (known.Member("properties") is { ValueKind: JsonValueKind.Object } properties)
            foreach (var property in properties.EnumerateObject())
                CheckSchema(property.Value, $"{place}.properties[{property.Name}]");
        if (known.Member("anyOf") is { ValueKind: JsonValueKind.Array } options)
            foreach (var option in options.EnumerateArray())
                CheckSchema(option, place + ".any_of");
    }

    private static void Check(JsonElement element, FrozenSet<string> known, string place)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new WireRefusalException($"Invalid JSON payload received. Unknown name \"{member.Name}\"{place}: Cannot find field.");
        }
    }
}
