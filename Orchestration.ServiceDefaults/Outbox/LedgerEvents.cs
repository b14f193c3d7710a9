using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Wraps payload records in envelopes and unwraps them again, with the one JSON form both sides use.</summary>
public static class LedgerEvents
{
    private const int PayloadVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An envelope with a new id around a payload record; takes the trace context of the current activity.</summary>
    public static LedgerEvent Wrap<TPayload>(TPayload payload, DateTimeOffset occurredAt) where TPayload : notnull => new()
    {
        EventId = Guid.CreateVersion7(occurredAt),
        Type = typeof(TPayload).Name,
        PayloadVersion = PayloadVersion,
        OccurredAt = occurredAt,
        TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        Payload = JsonSerializer.Serialize(payload, Json),
    };

    /// <summary>The payload of an envelope, or null when it is not of this type's form.</summary>
    public static TPayload? Unwrap<TPayload>(LedgerEvent ledgerEvent) where TPayload : class
    {
        if (ledgerEvent.Type != typeof(TPayload).Name || ledgerEvent.PayloadVersion != PayloadVersion)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TPayload>(ledgerEvent.Payload, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
