using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Planning;

/// <summary>Chooses who is asked for a request, and in which order: by chain, by split, or by score. Decisions and explanations both come from here.</summary>
internal sealed class CandidateChooser(CurrentRouteTable routeTable, CandidateScorer scorer, WarmPrompts warm)
{
    /// <summary>The deployments that a request may go to at all, before anything is known of them.</summary>
    public static CompiledDeployment[] PoolOf(CompiledRoute route, string requestClass, PlanningRequest request) =>
        route.Split?.ChainFor(request.Keys.Seed) ?? route.ChainFor(requestClass);

    /// <summary>Fills a set with the pool and arranges it.</summary>
    /// <param name="set">Takes as many as the pool has.</param>
    /// <param name="pool">As <see cref="PoolOf"/> says.</param>
    /// <param name="filter">Says what cannot answer.</param>
    /// <param name="snapshot">The table that is planned by.</param>
    /// <param name="route">The route.</param>
    /// <param name="requestClass">The class; empty when the route has none.</param>
    /// <param name="request">The request.</param>
    /// <param name="isExplained">Expect costs where they do not decide, too.</param>
    public void Choose(
        CandidateSet set,
        CompiledDeployment[] pool,
        CandidateFilter filter,
        RoutingSnapshot snapshot,
        CompiledRoute route,
        string requestClass,
        PlanningRequest request,
        bool isExplained = false)
    {
        foreach (var compiled in pool)
            filter.Consider(compiled, set);
        HoldToHealth(set);
        if (route.Weights is null && !isExplained)
            set.ArrangeAsAdded();
        else
            Arrange(set, scorer.LearnedOf(pool, route.Route.Name, requestClass), snapshot, route.Weights, request);

        if (route.IsSticky && request.Keys.OfSession && warm.FindSticky(request.Keys.Affinity) is { } last)
            set.MoveToFront(last);
    }

    private void Arrange(CandidateSet set, LearnedPool learned, RoutingSnapshot snapshot, ScoreTerms? weights, PlanningRequest request)
    {
        scorer.Expect(set, learned, snapshot, request);
        if (weights is not { } wanted)
        {
            set.ArrangeAsAdded();
            return;
        }

        HoldToHints(set, snapshot, request);
        scorer.Score(set, learned, wanted, request);
        set.ArrangeByScore(request.Keys.Seed);
    }

    /// <summary>Leaves out what cools after failures.</summary>
    private void HoldToHealth(CandidateSet set)
    {
        var unhealthy = routeTable.Unhealthy;
        if (unhealthy.Count == 0)
            return;
        foreach (ref var item in set.Items)
        {
            if (!unhealthy.TryGetValue(item.Compiled.Deployment.Id, out var health))
                continue;
            item.IsProbing = health.State == HealthState.Probing;
            if (item.Drop == Drop.None && routeTable.IsCooling(health))
                item.Drop = Drop.Cooling;
        }
    }

    /// <summary>Leaves out what is expected to cost more or to take longer than the request allows, unless that would leave nothing.</summary>
    private static void HoldToHints(CandidateSet set, RoutingSnapshot snapshot, PlanningRequest request)
    {
        var deadline = request.Hints?.Deadline?.ToTimeSpan().TotalMilliseconds ?? double.PositiveInfinity;
        var most = double.PositiveInfinity;
        if (request.Hints?.CostCap is { } wanted && Money.FromProto(wanted).Amount is var cap && snapshot.RatesTo(request.Caller.Currency).Factor(wanted.Currency) is { } factor)
            most = (double)cap * factor;
        if (double.IsPositiveInfinity(deadline) && double.IsPositiveInfinity(most))
            return;
        foreach (ref var item in set.Items)
        {
            if (item.Drop != Drop.None)
                continue;
            if (item.Expected.Expense > most)
                item.Drop = Drop.CostCap;
            else if (item.Expected.Milliseconds > deadline)
                item.Drop = Drop.Deadline;
        }
    }
}
