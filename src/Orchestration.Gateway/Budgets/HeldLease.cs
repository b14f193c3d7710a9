using Orchestration.Contracts.Metrics.V1;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Budgets;

/// <summary>A lease as its holder sees it. Guarded by the book that it stands in.</summary>
internal sealed class HeldLease(Guid id, Guid budgetId, string currency)
{
    public Guid Id { get; } = id;

    public Guid BudgetId { get; } = budgetId;

    /// <summary>What no request has reserved; below zero when a request cost more than its reserve.</summary>
    public decimal Free { get; set; }

    /// <summary>The last amount that was added.</summary>
    public decimal LastGrant { get; set; }

    /// <summary>Requests that reserved from it and are not settled.</summary>
    public int Open { get; set; }

    /// <summary>Timestamp after which nothing may be reserved from it.</summary>
    public long UsableUntil { get; set; }

    /// <summary>Timestamp of the last reserve or grant.</summary>
    public long LastUsed { get; set; }

    /// <summary>True from half of the last grant on: time to ask for more before it is needed.</summary>
    public bool IsLow => Free < LastGrant / 2;

    /// <summary>Takes what is free, to be given back.</summary>
    public ReturnedAmount ReturnFree()
    {
        var amount = new ReturnedAmount { LeaseId = Id.ToString("D"), Amount = new Money(Free, currency).FormatAmount() };
        Free = 0;
        return amount;
    }
}
