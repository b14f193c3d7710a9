using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Budgets;

/// <summary>Whether the budgets allow a request.</summary>
internal abstract record BudgetOutcome
{
    private BudgetOutcome()
    {
    }

    /// <summary>The worst case is reserved.</summary>
    public sealed record Reserved(BudgetHold Hold) : BudgetOutcome;

    /// <summary>A budget has too little left.</summary>
    /// <param name="Failure">For the client.</param>
    /// <param name="CheaperRoute">Route that the request is to take instead; empty when it is to be refused.</param>
    /// <param name="BudgetName">Name of the budget that says so.</param>
    public sealed record Exhausted(Failure Failure, string CheaperRoute, string BudgetName) : BudgetOutcome;

    /// <summary>The ledger does not answer, and without it nobody knows.</summary>
    public sealed record Unknown(Failure Failure) : BudgetOutcome;
}
