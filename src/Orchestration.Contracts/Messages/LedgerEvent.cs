using System.Text.Json.Serialization;

namespace Orchestration.Contracts.Messages;

/// <summary>One event on its way to the ledger: an envelope that any consumer can store without knowing its payload.</summary>
public sealed record LedgerEvent
{
    /// <summary>UUIDv7, unique for ever; the key under which a second delivery is recognised.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Name of the payload record: <see cref="RequestAdmitted"/>, <see cref="AttemptStarted"/>,
    /// <see cref="AttemptCompleted"/>, <see cref="RequestCompleted"/> or <see cref="OutboxSlotTaken"/>. A consumer ignores names that it does not know.</summary>
    public required string Type { get; init; }

    /// <summary>Version of the payload, 1 or more. A consumer quarantines versions that it does not know.</summary>
    public required int PayloadVersion { get; init; }

    /// <summary>When the event happened, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>W3C trace context of the work that the event tells of; null when that was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The payload record as JSON in camel case.</summary>
    [JsonConverter(typeof(EmbeddedPayload))]
    public required string Payload { get; init; }
}
