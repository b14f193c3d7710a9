namespace Orchestration.Contracts.Messages;

/// <summary>Up to 500 ledger events of one outbox slot, in the order in which they were appended.</summary>
/// <remarks>
/// Delivery is at least once: a batch may come again, whole or cut differently. <see cref="LedgerEvent.EventId"/> makes
/// the effect happen once.
/// </remarks>
public sealed record LedgerBatch
{
    /// <summary>Name of the outbox slot that the events come from: service and slot number, "gateway-0".</summary>
    public required string Instance { get; init; }

    /// <summary>Sequence number of the first event within its slot; numbers grow by one and are never reused.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The events; 1 to 500.</summary>
    public required IReadOnlyList<LedgerEvent> Events { get; init; }
}
