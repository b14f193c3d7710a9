using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestration.Simulator.Wire;

internal static class WireJson
{
    /// <summary>Vendors write Chinese as UTF-8, not as escapes.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>JSON without white space.</summary>
    public static byte[] Encode(JsonElement json)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            json.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(JsonElement json) => Encoding.UTF8.GetString(Encode(json));
}
