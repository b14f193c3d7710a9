using System.Text.Json;

namespace Orchestration.Simulator.Chat;

/// <summary>Writes a small JSON value that fits a schema.</summary>
internal sealed class SchemaSample(JsonElement root, string text)
{
    private const int DeepestLevel = 12;

    public void Write(Utf8JsonWriter json) => Write(json, root, 0);

    private void Write(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        schema = Resolve(schema, depth);
        if (schema.Member("const") is { } constant)
            constant.WriteTo(json);
        else if (schema.Member("enum") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0)
            choices[0].WriteTo(json);
        else if (depth > DeepestLevel)
            json.WriteNullValue();
        else
            WriteType(json, schema, depth);
    }

    private void WriteType(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object": WriteObject(json, schema, depth); break;
            case "array": WriteArray(json, schema, depth); break;
            case "string": json.WriteStringValue(TextFor(schema)); break;
            case "integer": json.WriteNumberValue((long)Math.Ceiling(Floor(schema))); break;
            case "number": json.WriteNumberValue(Floor(schema)); break;
            case "boolean": json.WriteBooleanValue(true); break;
            default: json.WriteNullValue(); break;
        }
    }

    private void WriteObject(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        json.WriteStartObject();
        if (schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            var required = schema.Member("required") is { ValueKind: JsonValueKind.Array } names
                ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet()
                : null;
            foreach (var property in properties.EnumerateObject())
            {
                if (required is { Count: > 0 } && !required.Contains(property.Name))
                    continue;
                json.WritePropertyName(property.Name);
                Write(json, property.Value, depth + 1);
            }
        }
        json.WriteEndObject();
    }

    private void WriteArray(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        json.WriteStartArray();
        var items = schema.Member("items") ?? default;
        for (var i = 0; i < Math.Max(1, schema.Number("minItems") ?? 1) && items.ValueKind == JsonValueKind.Object && schema.Number("maxItems") != 0; i++)
            Write(json, items, depth + 1);
        json.WriteEndArray();
    }

    private string TextFor(JsonElement schema)
    {
        var value = schema.Text("format") switch
        {
            "date-time" => "2026-01-01T00:00:00Z",
            "date" => "2026-01-01",
            "time" => "00:00:00Z",
            "email" => "someone@example.com",
            "uri" => "https://example.com/",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            _ => text,
        };
        var shortest = Math.Clamp(schema.Number("minLength") ?? 0, 0, 100_000);
        var longest = Math.Max(shortest, schema.Number("maxLength") ?? int.MaxValue);
        return value.Length > longest ? value[..longest] : value.PadRight(shortest, '.');
    }

    private static double Floor(JsonElement schema)
    {
        if (schema.Member("minimum") is { ValueKind: JsonValueKind.Number } minimum)
            return minimum.GetDouble();
        if (schema.Member("exclusiveMinimum") is { ValueKind: JsonValueKind.Number } exclusive)
            return exclusive.GetDouble() + 1;
        return schema.Member("maximum") is { ValueKind: JsonValueKind.Number } maximum ? Math.Min(1, maximum.GetDouble()) : 1;
    }

    private static string? TypeOf(JsonElement schema)
    {
        var type = schema.Member("type") ?? default;
        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
            return type[0].GetString()?.ToLowerInvariant();
        if (type.ValueKind == JsonValueKind.String)
            return type.GetString()?.ToLowerInvariant();
        return schema.Member("properties") is null ? schema.Member("items") is null ? "string" : "array" : "object";
    }

    private JsonElement Resolve(JsonElement schema, int depth)
    {
        for (var hops = 0; hops < DeepestLevel; hops++)
        {
            if (schema.Text("$ref") is { } reference && Follow(reference) is { } target)
                schema = target;
            else if ((schema.Member("anyOf") ?? schema.Member("oneOf") ?? schema.Member("allOf")) is { ValueKind: JsonValueKind.Array } options
                     && options.GetArrayLength() > 0)
                // Deep inside a recursive schema the last option, usually null, ends it.
                schema = options[depth > DeepestLevel / 2 ? options.GetArrayLength() - 1 : 0];
            else
                return schema;
        }
        return schema;
    }

    private JsonElement? Follow(string reference)
    {
        if (!reference.StartsWith('#'))
            return null;
        JsonElement? place = root;
        foreach (var step in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
            place = place?.Member(step);
        return place;
    }
}
