using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The form of an envelope on disk.</summary>
internal static class SpoolJson
{
    private static readonly SpoolJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Write(LedgerEvent ledgerEvent) => JsonSerializer.SerializeToUtf8Bytes(ledgerEvent, Context.LedgerEvent);

    public static LedgerEvent Read(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, Context.LedgerEvent) ?? throw new JsonException("The row is empty.");
}

[JsonSerializable(typeof(LedgerEvent))]
internal sealed partial class SpoolJsonContext : JsonSerializerContext;
