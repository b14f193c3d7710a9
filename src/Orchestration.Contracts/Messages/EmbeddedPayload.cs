using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Contracts.Messages;

/// <summary>
/// Puts a payload into its envelope as the JSON object that it is: as text it would be escaped, and every reader of the envelope would have to undo that.
/// What is no JSON object travels as text, and text is read too: earlier versions wrote nothing else.
/// </summary>
public sealed class EmbeddedPayload : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String)
            return reader.GetString();
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("A payload is an object or text.");
        using var payload = JsonDocument.ParseValue(ref reader);
        return payload.RootElement.GetRawText();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (!value.StartsWith('{') || !TryEmbed(writer, value))
            writer.WriteStringValue(value);
    }

    private static bool TryEmbed(Utf8JsonWriter writer, string value)
    {
        try
        {
            writer.WriteRawValue(value);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
