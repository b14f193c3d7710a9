using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>Folds the JSON objects of many deltas to one: lists are joined, everything else is as it was last.</summary>
internal sealed class JsonMerge
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, string> _values = [];

    public void Add(string json)
    {
        if (json.Length == 0)
            return;

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return;
            foreach (var member in document.RootElement.EnumerateObject())
                Add(member.Name, member.Value);
        }
        catch (JsonException)
        {
            // A delta whose unknown members are no JSON has none that could be kept.
        }
    }

    public override string ToString()
    {
        var bag = new JsonBag();
        foreach (var name in _names)
            bag.Add(name, _values[name]);
        return bag.ToString();
    }

    private void Add(string name, JsonElement value)
    {
        var raw = value.GetRawText();
        if (!_values.TryGetValue(name, out var earlier))
            _names.Add(name);
        else if (IsList(earlier))
            raw = Join(earlier, value, raw);
        _values[name] = raw;
    }

    private static string Join(string earlier, JsonElement value, string raw) => value.ValueKind switch
    {
        JsonValueKind.Null => earlier,
        JsonValueKind.Array when value.GetArrayLength() == 0 => earlier,
        JsonValueKind.Array when earlier.AsSpan(1, earlier.Length - 2).IsWhiteSpace() => raw,
        JsonValueKind.Array => string.Concat(earlier.AsSpan(0, earlier.Length - 1), ",", raw.AsSpan(1)),
        _ => raw,
    };

    private static bool IsList(string json) => json.StartsWith('[');
}
