using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The durable outbox: an event that was appended reaches the ledger, whatever dies afterwards.</summary>
public sealed class Outbox
{
    /// <summary>Appends an event; completes when it is durable. Group-committed with its neighbours.</summary>
    /// <exception cref="OutboxFullException">The spool has reached its limit: no new work may be admitted.</exception>
    public ValueTask AppendAsync(LedgerEvent ledgerEvent, CancellationToken cancellationToken) => throw new NotImplementedException();
}
