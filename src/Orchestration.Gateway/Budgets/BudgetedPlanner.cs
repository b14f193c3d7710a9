using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Planning;

namespace Orchestration.Gateway.Budgets;

/// <summary>Plans a request and reserves what it may cost; at the limit of a budget by the route that the budget names instead.</summary>
internal sealed class BudgetedPlanner(Planner planner, BudgetGate budgets)
{
    public async ValueTask<BudgetedPlan> PlanAsync(PlanningRequest request, Attribution attribution, CancellationToken cancellationToken)
    {
        var first = await planner.PlanAsync(request, cancellationToken);
        if (first is not PlanningOutcome.Planned planned)
            return new BudgetedPlan.Refused(((PlanningOutcome.Refused)first).Failure, null);

        var outcome = await ReserveAsync(planned, attribution, cancellationToken);
        if (outcome is not BudgetOutcome.Exhausted { CheaperRoute.Length: > 0 } exhausted || exhausted.CheaperRoute == planned.Plan.Route)
            return Decide(outcome, planned);

        var warned = request with { Model = exhausted.CheaperRoute, Warnings = [.. request.Warnings, AnotherRoute(exhausted)] };
        if (await planner.PlanAsync(warned, cancellationToken) is not PlanningOutcome.Planned cheaper)
            return Decide(exhausted, planned);

        // What the client asked for stays what it asked for, in the answer and in the ledger.
        cheaper.Plan.RequestedModel = request.Model;
        return Decide(await ReserveAsync(cheaper, attribution, cancellationToken), cheaper);
    }

    private ValueTask<BudgetOutcome> ReserveAsync(PlanningOutcome.Planned planned, Attribution attribution, CancellationToken cancellationToken) =>
        budgets.ReserveAsync(SpendScope.Of(attribution, planned.Plan, planned.Simulated), planned.Ceiling.Amount, cancellationToken);

    private static BudgetedPlan Decide(BudgetOutcome outcome, PlanningOutcome.Planned planned) => outcome switch
    {
        BudgetOutcome.Reserved reserved => new BudgetedPlan.Ready(planned, reserved.Hold),
        BudgetOutcome.Exhausted exhausted => new BudgetedPlan.Refused(exhausted.Failure, planned.Plan),
        BudgetOutcome.Unknown unknown => new BudgetedPlan.Refused(unknown.Failure, planned.Plan),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Warning AnotherRoute(BudgetOutcome.Exhausted exhausted) => new()
    {
        Code = "budget_route",
        Param = "model",
        Message = $"The budget '{exhausted.BudgetName}' has too little left for the model that was asked for; route '{exhausted.CheaperRoute}' answers instead.",
    };
}

/// <summary>A plan that the budgets allow, or why there is none.</summary>
internal abstract record BudgetedPlan
{
    private BudgetedPlan()
    {
    }

    public sealed record Ready(PlanningOutcome.Planned Planned, BudgetHold Hold) : BudgetedPlan
    {
        /// <summary>How the cache takes part.</summary>
        public CacheUse Cache { get; init; } = CacheUse.Bypass.Instance;
    }

    /// <param name="Failure">For the client.</param>
    /// <param name="Plan">What would have been done; null when nothing could.</param>
    public sealed record Refused(Failure Failure, Plan? Plan) : BudgetedPlan;
}
