namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The spool of undelivered events has reached its limit; nothing is lost, but new work must wait.</summary>
public sealed class OutboxFullException() : Exception("The event spool is full; new work is refused until the ledger catches up.");
