namespace Orchestration.Metrics.Budgets.Data;

/// <summary>One row of <c>budget_periods</c>: a budget's account from one reset to the next.</summary>
internal sealed class StoredPeriod
{
    public Guid BudgetId { get; init; }
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>The end as it was when the period began; null without one.</summary>
    public DateTimeOffset? AnnouncedEnd { get; init; }

    /// <summary>The end that holds; null without one.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    public decimal Amount { get; init; }
    public decimal Spent { get; init; }
    public decimal Simulated { get; init; }
    public decimal Leased { get; init; }
    public decimal Suspended { get; init; }

    /// <summary>Booked cost that no lease covered.</summary>
    public decimal Late { get; init; }

    /// <summary>What is committed beyond the amount; grows by late cost and by a lowered amount only, never by a grant.</summary>
    public decimal Excess { get; init; }
}
