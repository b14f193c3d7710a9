using System.Text;
using System.Text.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Raw JSON text at a reader.</summary>
internal static class RawText
{
    /// <summary>The text of the value at the reader, which then stands on the value's end.</summary>
    public static string At(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(data[start..(int)reader.BytesConsumed]);
    }

    public static bool ValueTextEqualsString(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);
}
