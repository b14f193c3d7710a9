using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>A checked event that tells one half of a ledger row.</summary>
internal sealed record Witness<TPayload>(SequencedEvent Source, string TraceId, TPayload Payload)
    where TPayload : class
{
    public Guid EventId => Source.Event.EventId;

    public DateTimeOffset OccurredAt => Source.Event.OccurredAt.ToUniversalTime();
}

/// <summary>An event of a batch with its number in its outbox slot.</summary>
internal sealed record SequencedEvent(string Instance, long Sequence, LedgerEvent Event);
