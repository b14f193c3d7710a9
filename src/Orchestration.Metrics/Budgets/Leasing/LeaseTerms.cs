using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Data;

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
    bool AheadOfNeed)
{
    /// <summary>True when a budget of the tenant limits the request.</summary>
    public bool IsLimitedBy(StoredBudget budget) => (budget.CountsSimulated || !Simulated) && budget.Scope switch
    {
        BudgetLevel.Tenant => true,
        BudgetLevel.Project => budget.ScopeId == ProjectId,
        BudgetLevel.Key => budget.ScopeId == KeyId,
        _ => ModelGroups.Contains(budget.ScopeId),
    };

    /// <summary>True when it does and the gateway has too little on it.</summary>
    public bool Wants(StoredBudget budget) => IsLimitedBy(budget) && !Covered.Contains(budget.Id);
}

/// <summary>A demand, and who makes it.</summary>
internal sealed record HolderDemand(Holder Holder, Demand Demand);

/// <summary>What a lease got: an amount, time, or both.</summary>
internal sealed record Granted(Guid LeaseId, Guid BudgetId, decimal Amount, TimeSpan TimeLeft, DateTimeOffset ExpiresAt, decimal Left);

/// <summary>A budget that has too little left.</summary>
internal sealed record Shortage(StoredBudget Budget, DateTimeOffset PeriodStartsAt, decimal Left, DateTimeOffset? ResetsAt)
{
    /// <summary>Who might give back enough; nobody when all that is leased would not do.</summary>
    public IReadOnlyList<Holder> Holders { get; init; } = [];
}

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
    internal sealed record Refused(IReadOnlyList<Shortage> Shortages) : DemandOutcome;
}
