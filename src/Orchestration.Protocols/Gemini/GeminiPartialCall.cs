using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>A call whose arguments come as values with their places (<c>partialArgs</c>, Vertex AI).</summary>
internal sealed class GeminiPartialCall
{
    private const int MaxIndex = 10_000;

    private readonly JsonObject _arguments;

    public GeminiPartialCall(int partIndex, string arguments, string extensions)
    {
        Extensions = extensions;
        PartIndex = partIndex;
        _arguments = JsonNode.Parse(arguments) as JsonObject ?? [];
    }

    public int PartIndex { get; }

    public string Extensions { get; }

    public string Arguments => _arguments.ToJsonString(new JsonSerializerOptions { Encoder = JsonWriting.Options.Encoder });

    public void Add(JsonElement call)
    {
        foreach (var piece in call.ItemsOf("partialArgs"))
        {
            if (ValueOf(piece) is { } value && Steps(piece.TextOf("jsonPath")) is { Count: > 0 } steps)
                Set(_arguments, steps, value);
        }
    }

    private static JsonNode? ValueOf(JsonElement piece)
    {
        if (piece.TryGet("stringValue", out _))
            return JsonValue.Create(piece.TextOf("stringValue"));
        if (piece.TryGet("numberValue", out var number))
            return JsonNode.Parse(number.GetRawText());
        return piece.TryGet("boolValue", out var flag) ? JsonValue.Create(flag.ValueKind == JsonValueKind.True) : null;
    }

    private static void Set(JsonNode node, List<string> steps, JsonNode value)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var isLast = i == steps.Count - 1;
            var next = isLast ? null : NewNode(steps[i + 1]);
            if (node is JsonObject members)
            {
                node = isLast ? members[steps[i]] = Grow(members[steps[i]], value) : members[steps[i]] ??= next!;
            }
            else if (node is JsonArray items && int.TryParse(steps[i], CultureInfo.InvariantCulture, out var index) && index is >= 0 and < MaxIndex)
            {
                while (items.Count <= index)
                    items.Add(null);
                node = isLast ? items[index] = Grow(items[index], value) : items[index] ??= next!;
            }
            else
            {
                return;
            }
        }
    }

    // A text comes in pieces; everything else comes whole.
    private static JsonNode Grow(JsonNode? known, JsonNode value) =>
        known?.GetValueKind() == JsonValueKind.String && value.GetValueKind() == JsonValueKind.String
            ? JsonValue.Create(known.GetValue<string>() + value.GetValue<string>())
            : value;

    private static JsonNode NewNode(string step) => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? new JsonArray() : new JsonObject();

    // "$.a.b[0]" and "$['a b']"; a step in quotes may hold anything.
    private static List<string> Steps(string path)
    {
        var steps = new List<string>();
        var rest = path.AsSpan().TrimStart('$');
        while (!rest.IsEmpty)
        {
            int end;
            if (rest[0] == '[')
            {
                var isQuoted = rest.Length > 2 && rest[1] is '\'' or '"';
                var close = isQuoted ? rest[2..].IndexOf(rest[1] == '"' ? "\"]" : "']") : rest.IndexOf(']');
                if (close < 0)
                    return [];
                steps.Add(isQuoted ? rest.Slice(2, close).ToString() : rest[1..close].ToString());
                rest = rest[(isQuoted ? close + 4 : close + 1)..];
                continue;
            }

            rest = rest.TrimStart('.');
            end = rest.IndexOfAny('.', '[');
            steps.Add((end < 0 ? rest : rest[..end]).ToString());
            rest = end < 0 ? default : rest[end..];
        }

        return steps;
    }
}
