using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.RouteTables;
using Orchestration.Pricing;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Caching;

/// <summary>Asks the caches before anything is planned and reserved.</summary>
internal sealed class CachingPlanner(BudgetedPlanner budgeted, AnswerCaches caches, CurrentRouteTable routeTable)
{
    public async ValueTask<BudgetedPlan> PlanAsync(PlanningRequest request, Attribution attribution, CancellationToken cancellationToken)
    {
        if (request.Cache is not { } question
            || routeTable.Snapshot is not { } snapshot
            || Planner.FindRoute(snapshot, request) is not { Route.Cache: not null } route)
            return await budgeted.PlanAsync(request, attribution, cancellationToken);

        var use = await caches.LookAsync(question, request.Caller, route, snapshot, cancellationToken);
        if (use is CacheUse.Hit hit)
            return new BudgetedPlan.Ready(PlanOf(hit, request, route, snapshot), BudgetHold.None) { Cache = hit };
        BudgetedPlan? planned = null;
        try
        {
            planned = await budgeted.PlanAsync(request, attribution, cancellationToken);
            return planned is BudgetedPlan.Ready ready ? ready with { Cache = use } : planned;
        }
        finally
        {
            if (planned is not BudgetedPlan.Ready)
                caches.End(use);
        }
    }

    /// <summary>A request that was planned is not run.</summary>
    public void GiveBack(CacheUse use) => caches.End(use);

    private static PlanningOutcome.Planned PlanOf(CacheUse.Hit hit, PlanningRequest request, CompiledRoute route, RoutingSnapshot snapshot)
    {
        var plan = new Plan
        {
            RequestedModel = request.Model,
            Route = route.Route.Name,
            PolicyVersion = snapshot.Table.PolicyVersion,
            Rules = route.Route.Rules ?? new ExecutionRules(),
            Reason = "Answered before.",
            Warnings = { request.Warnings },
        };
        if (snapshot.FindName(request.Model) is { } name)
            plan.Warnings.AddRange(name.Warnings);
        var started = hit.Answer.Started;
        return new PlanningOutcome.Planned(plan, Money.Zero(request.Caller.Currency), TextMeasure.EstimateTokens(request.Size, started.Model), started.Simulated);
    }
}
