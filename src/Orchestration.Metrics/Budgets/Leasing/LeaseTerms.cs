namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>What a gateway asks for.</summary>
internal sealed record Demand(
    string TenantId,
    string ProjectId,
    string KeyId,
    IReadOnlyList<string> ModelGroups,
    string Currency,
    decimal WorstCase,
    bool Simulated,
    IReadOnlyCollection<Guid> Covered,
    bool AheadOfNeed);

/// <summary>What a lease got: an amount, time, or both.</summary>
internal sealed record Granted(Guid LeaseId, Guid BudgetId, decimal Amount, TimeSpan TimeLeft, DateTimeOffset ExpiresAt, decimal Left);

/// <summary>A budget that has too little left.</summary>
internal sealed record Shortage(Data.StoredBudget Budget, DateTimeOffset PeriodStartsAt, decimal Left, DateTimeOffset? ResetsAt);

/// <summary>What came of a demand.</summary>
internal abstract record DemandOutcome
{
    private DemandOutcome()
    {
    }

    /// <param name="Leases">What was granted.</param>
    /// <param name="BudgetIds">Every budget that applies.</param>
    internal sealed record Met(IReadOnlyList<Granted> Leases, IReadOnlyList<Guid> BudgetIds) : DemandOutcome;

    /// <param name="Shortages">Budgets that have too little.</param>
    /// <param name="OthersHold">True when another gateway holds leases on all of them, which may be idle.</param>
    internal sealed record Refused(IReadOnlyList<Shortage> Shortages, bool OthersHold) : DemandOutcome;
}
