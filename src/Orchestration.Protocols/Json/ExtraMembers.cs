using System.Text;
using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>The members of an <c>extensions</c> string, to be written beside the known members of an object.</summary>
internal readonly struct ExtraMembers
{
    private readonly JsonElement _element;

    private ExtraMembers(JsonElement element) => _element = element;

    private bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>Reads an extensions string. Text that is not a JSON object holds no members.</summary>
    public static ExtraMembers Parse(string extensions)
    {
        if (extensions.Length == 0)
            return default;

        try
        {
            using var document = JsonDocument.Parse(extensions, JsonDocuments.Options);
            return new ExtraMembers(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>The members of an inner object, such as those of <c>function</c> inside a tool.</summary>
    public ExtraMembers Nested(string name) =>
        IsObject && _element.TryGetProperty(name, out var value) ? new ExtraMembers(value) : default;

    public bool Has(string name) => IsObject && _element.TryGetProperty(name, out _);

    public bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return IsObject && _element.TryGetProperty(name, out value);
    }

    public JsonElement.ObjectEnumerator Members => IsObject ? _element.EnumerateObject() : default;

    /// <summary>Writes all members but those named.</summary>
    public void Write(Utf8JsonWriter writer, params ReadOnlySpan<string> except)
    {
        if (!IsObject)
            return;

        foreach (var member in _element.EnumerateObject())
        {
            if (!except.Contains(member.Name))
                Write(writer, member);
        }
    }

    public static void Write(Utf8JsonWriter writer, JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        WriteRaw(writer, member.Value.GetRawText());
    }

    /// <summary>Writes JSON text as it is; line breaks between its tokens become spaces, because they would end a line of an event stream.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, string json)
    {
        if (json.AsSpan().ContainsAny('\n', '\r'))
            json = new StringBuilder(json).Replace('\n', ' ').Replace('\r', ' ').ToString();
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>Writes JSON text that came from outside; text that is no JSON is written as a string.</summary>
    public static void WriteUntrusted(Utf8JsonWriter writer, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonDocuments.Options);
            WriteRaw(writer, document.RootElement.GetRawText());
        }
        catch (JsonException)
        {
            writer.WriteStringValue(json);
        }
    }
}
