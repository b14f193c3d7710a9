namespace Orchestration.Contracts.Messages;

/// <summary>
/// A process took an outbox slot: whoever held the slot before will append nothing more to it. Appended as the first event by a
/// process that claims a slot, and as the last one by a process that adopts an abandoned slot.
/// </summary>
/// <remarks>
/// The event's own number in the slot is what counts: it ends the time of the holder before and begins that of the next one. The ledger
/// closes what a dead holder had leased once it has recorded every number of that holder's time.
/// </remarks>
public sealed record OutboxSlotTaken
{
    /// <summary>Name of the slot, "gateway-0".</summary>
    public required string Instance { get; init; }

    /// <summary>True when the slot was only emptied and has no holder now.</summary>
    public required bool Adopted { get; init; }
}
