using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>How this library writes JSON: text as it is, as few escapes as JSON allows.</summary>
internal static class JsonWriting
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a member whose value is JSON text that a caller gave; text that is no JSON becomes a string.</summary>
    public static void WriteJson(Utf8JsonWriter writer, string name, string json)
    {
        writer.WritePropertyName(name);
        ExtraMembers.WriteUntrusted(writer, json);
    }
}
