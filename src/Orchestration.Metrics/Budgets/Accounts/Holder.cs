namespace Orchestration.Metrics.Budgets.Accounts;

/// <summary>A gateway process: its outbox slot, and the number of the event with which it took the slot.</summary>
internal sealed record Holder(string Instance, long FirstSequence);
