using Orchestration.Contracts.Messages;

namespace Orchestration.Gateway.Budgets;

/// <summary>What one request has reserved, one amount on each budget that applies. Guarded by the book until it is complete.</summary>
internal sealed class BudgetHold(SpendScope scope, decimal amount)
{
    public static BudgetHold None { get; } = new(default, 0);

    public SpendScope Scope { get; } = scope;

    /// <summary>Most that the request may cost.</summary>
    public decimal Amount { get; } = amount;

    /// <summary>Leases that the amount was taken from, one of each budget.</summary>
    public List<HeldLease> Leases { get; } = [];

    /// <summary>True once every budget that applies has given the amount.</summary>
    public bool IsComplete { get; set; }

    /// <summary>True when a lease that was taken from should be filled up.</summary>
    public bool IsLow { get; set; }

    /// <summary>True when nobody waits for it any more: what comes for it is free.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The amounts for the ledger.</summary>
    public IReadOnlyList<LeaseSlice> Slices() =>
        Leases.Count == 0 ? [] : [.. Leases.Select(lease => new LeaseSlice { LeaseId = lease.Id, Amount = Amount })];
}
