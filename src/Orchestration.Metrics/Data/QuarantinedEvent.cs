namespace Orchestration.Metrics.Data;

/// <summary>An event that could not be applied and waits for a person; its payload is kept whole.</summary>
internal sealed class QuarantinedEvent
{
    public Guid EventId { get; init; }
    public string Type { get; init; } = "";
    public int PayloadVersion { get; init; }
    public string Payload { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>Outbox slot that it came from.</summary>
    public string Instance { get; init; } = "";
    public long Sequence { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>"waiting", "replayed" or "discarded".</summary>
    public string State { get; init; } = "waiting";

    /// <summary>Who replayed or discarded it; null while it waits.</summary>
    public string? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
}
