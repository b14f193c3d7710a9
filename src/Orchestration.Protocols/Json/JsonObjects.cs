using System.Text;
using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>JSON objects that travel as text, such as the arguments of a tool call.</summary>
internal static class JsonObjects
{
    /// <summary>Writes a text that is one JSON object, its values as they are; false, with nothing written, when it is not.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return false;

        try
        {
            using var document = JsonDocument.Parse(text, JsonDocuments.Options);
            ExtraMembers.WriteRaw(writer, document.RootElement.GetRawText());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text of a value without the white space between its tokens; everything else stays as it was written.</summary>
    public static string Compact(string json)
    {
        if (!json.AsSpan().ContainsAny(" \n\r\t"))
            return json;

        var result = new StringBuilder(json.Length);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var character = json[i];
            if (!inString && character is ' ' or '\n' or '\r' or '\t')
                continue;
            result.Append(character);
            if (inString && character == '\\')
                result.Append(json[++i]);
            else if (character == '"')
                inString = !inString;
        }

        return result.ToString();
    }
}
