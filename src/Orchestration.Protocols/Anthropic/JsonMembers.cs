using System.Runtime.InteropServices;
using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Reads members of a provider's objects without failing on what is missing or of another kind.</summary>
internal static class JsonMembers
{
    public static string Text(this JsonElement element, string name)
    {
        var pending = '\0';
        return element.Text(name, ref pending);
    }

    /// <summary>The string member; half a surrogate pair at its end waits in <paramref name="pending"/>.</summary>
    public static string Text(this JsonElement element, string name, ref char pending)
    {
        if (element.Member(name) is not { ValueKind: JsonValueKind.String } value)
            return "";

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return JsonText.Read(ref reader, ref pending);
    }

    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    /// <summary>True for an object that has members.</summary>
    public static bool HasMembers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().MoveNext();
}
