using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>Reads members of documents that providers wrote. Nothing here fails on a member of another kind.</summary>
internal static class WireText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonDocuments.MaxDepth };

    /// <summary>The document in a body; null when it is not exactly one JSON value.</summary>
    public static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Repair(json).ToArray(), Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool TryGet(this JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>The text of a member; empty when it is none. Broken surrogates become U+FFFD.</summary>
    public static string TextOf(this JsonElement element, string name)
    {
        var pending = '\0';
        var text = element.TextOf(name, ref pending);
        return pending == '\0' ? text : text + '\uFFFD';
    }

    /// <summary>The text of a member; a first half of a surrogate pair at its end waits for the next text of the same part.</summary>
    public static string TextOf(this JsonElement element, string name, ref char pending)
    {
        if (!element.TryGet(name, out var value) || value.ValueKind != JsonValueKind.String)
            return "";
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return JsonText.Read(ref reader, ref pending);
    }

    public static bool Flag(this JsonElement element, string name) => element.TryGet(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> ItemsOf(this JsonElement element, string name) =>
        element.TryGet(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
