using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestration.Protocols.Gemini;

/// <summary>One reduction of a schema: references are put in place, members that Gemini refuses are left out and remembered.</summary>
internal sealed class GeminiSchemaReduction(JsonObject root)
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 5_000;

    private static readonly FrozenSet<string> Kept = new[]
    {
        "title", "description", "nullable", "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "minimum", "maximum", "propertyOrdering",
    }.ToFrozenSet();

    // They say nothing about which values are right.
    private static readonly FrozenSet<string> Silent =
        new[] { "$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "type", "properties", "required", "items", "enum" }.ToFrozenSet();

    private int _nodes;

    /// <summary>Members that could not be kept.</summary>
    public SortedSet<string> Lost { get; } = new(StringComparer.Ordinal);

    public JsonObject Reduce() => Reduce(root, 0);

    private JsonObject Reduce(JsonNode? node, int depth)
    {
        if (node is not JsonObject schema)
        {
            if (node?.GetValueKind() == JsonValueKind.False)
                Lost.Add("false");
            return [];
        }

        if (depth > MaxDepth || ++_nodes > MaxNodes)
        {
            Lost.Add("depth");
            return new JsonObject { ["type"] = "OBJECT" };
        }

        schema = Flatten(schema, depth);
        var result = new JsonObject();
        WriteType(schema, result, depth);
        foreach (var (name, value) in schema)
            Copy(name, value, schema, result);
        WriteEnum(schema, result);
        WriteProperties(schema, result, depth);
        WriteItems(schema, result, depth);
        WriteAlternatives(schema, result, depth);
        return result;
    }

    // Puts a reference and the members of allOf in place of themselves.
    private JsonObject Flatten(JsonObject schema, int depth)
    {
        for (var i = 0; i < MaxDepth && schema["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String; i++)
        {
            var others = schema.Where(member => member.Key != "$ref").ToList();
            if (Resolve(reference.GetValue<string>()) is not { } found)
            {
                Lost.Add("$ref");
                return Join([], others);
            }

            schema = Join(found, others);
        }

        if (schema["allOf"] is not JsonArray all || depth > MaxDepth)
            return schema;
        var joined = Join([], schema.Where(member => member.Key != "allOf"));
        foreach (var item in all.OfType<JsonObject>())
            joined = Join(joined, Flatten(item, depth + 1));
        return joined;
    }

    private static JsonObject Join(JsonObject left, IEnumerable<KeyValuePair<string, JsonNode?>> right)
    {
        var result = (JsonObject)left.DeepClone();
        foreach (var (name, value) in right)
        {
            if (name == "properties" && result[name] is JsonObject known && value is JsonObject more)
                result[name] = Join(known, more);
            else if (name == "required" && result[name] is JsonArray names && value is JsonArray others)
                result[name] = new JsonArray([.. names.Concat(others).Select(item => item?.ToString()).Distinct().Select(item => JsonValue.Create(item))]);
            else
                result[name] = value?.DeepClone();
        }

        return result;
    }

    private JsonObject? Resolve(string reference)
    {
        if (reference == "#")
            return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return null;
        JsonNode? node = root;
        foreach (var step in reference[2..].Split('/'))
            node = (node as JsonObject)?[Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return node as JsonObject;
    }

    private void WriteType(JsonObject schema, JsonObject result, int depth)
    {
        var types = schema["type"] switch
        {
            JsonArray list => list.Select(item => item?.ToString() ?? "").ToList(),
            JsonValue value => [value.ToString()],
            _ => new List<string>(),
        };
        if (types.Remove("null"))
            result["nullable"] = true;
        if (types.Count == 0 && InferType(schema) is { } inferred)
            types.Add(inferred);
        if (types.Count == 1)
            result["type"] = types[0].ToUpperInvariant();
        else if (types.Count > 1)
            result["anyOf"] = new JsonArray([.. types.Select(type => Reduce(WithType(schema, type), depth + 1))]);
    }

    private static string? InferType(JsonObject schema)
    {
        if (schema.ContainsKey("properties"))
            return "object";
        if (schema.ContainsKey("items"))
            return "array";
        return schema.ContainsKey("enum") || schema.ContainsKey("const") ? "string" : null;
    }

    private static JsonObject WithType(JsonObject schema, string type)
    {
        var single = new JsonObject { ["type"] = type };
        foreach (var name in type == "object" ? ["properties", "required"] : type == "array" ? ["items"] : Array.Empty<string>())
        {
            if (schema.ContainsKey(name))
                single[name] = schema[name]?.DeepClone();
        }

        return single;
    }

    private void Copy(string name, JsonNode? value, JsonObject schema, JsonObject result)
    {
        switch (name)
        {
            case "format" when IsFormat(schema, value?.ToString()):
                result[name] = value!.DeepClone();
                break;
            case "const" or "anyOf" or "oneOf":
                break;
            case "additionalProperties" when value?.GetValueKind() == JsonValueKind.False:
                // The model gives only declared properties anyway.
                break;
            default:
                if (Kept.Contains(name))
                    result[name] = value?.DeepClone();
                else if (!Silent.Contains(name))
                    Lost.Add(name);
                break;
        }
    }

    private static bool IsFormat(JsonObject schema, string? format) => schema["type"]?.ToString() switch
    {
        "string" => format is "date-time" or "enum",
        "integer" => format is "int32" or "int64",
        "number" => format is "float" or "double",
        _ => false,
    };

    private void WriteEnum(JsonObject schema, JsonObject result)
    {
        var values = schema["enum"] as JsonArray ?? (schema.ContainsKey("const") ? [schema["const"]?.DeepClone()] : null);
        if (values is null)
            return;
        if (values.Any(value => value is null))
            result["nullable"] = true;

        var isText = values.All(value => value is null || value.GetValueKind() == JsonValueKind.String);
        if (!isText)
            Lost.Add("enum of other types than string");
        result["type"] = "STRING";
        result["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => JsonValue.Create(value!.ToString()))]);
    }

    private void WriteProperties(JsonObject schema, JsonObject result, int depth)
    {
        if (schema["properties"] is not JsonObject properties || result["anyOf"] is not null)
            return;

        var reduced = new JsonObject();
        foreach (var (name, value) in properties)
            reduced[name] = Reduce(value, depth + 1);
        if (reduced.Count > 0)
            result["properties"] = reduced;
        var required = (schema["required"] as JsonArray)?.Where(name => name is not null && properties.ContainsKey(name.ToString())).ToList();
        if (required is { Count: > 0 })
            result["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name!.ToString()))]);
    }

    private void WriteItems(JsonObject schema, JsonObject result, int depth)
    {
        if (result["type"]?.ToString() != "ARRAY")
            return;

        if (schema["items"] is JsonArray tuple)
        {
            Lost.Add("items");
            result["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. tuple.Select(item => Reduce(item, depth + 1))]) };
            return;
        }

        // Gemini refuses a list that does not say of what.
        result["items"] = schema["items"] is JsonObject items ? Reduce(items, depth + 1) : new JsonObject { ["type"] = "STRING" };
        if (schema["items"] is not JsonObject)
            Lost.Add("lists of anything");
    }

    private void WriteAlternatives(JsonObject schema, JsonObject result, int depth)
    {
        if ((schema["anyOf"] ?? schema["oneOf"]) is not JsonArray alternatives)
            return;

        var reduced = new List<JsonObject>();
        foreach (var alternative in alternatives)
        {
            if (alternative is JsonObject only && only["type"]?.ToString() == "null")
                result["nullable"] = true;
            else
                reduced.Add(Reduce(alternative, depth + 1));
        }

        if (reduced.Count == 1)
        {
            foreach (var (name, value) in reduced[0])
                result[name] ??= value?.DeepClone();
        }
        else if (reduced.Count > 1)
        {
            result["anyOf"] = new JsonArray([.. reduced]);
        }
    }
}
