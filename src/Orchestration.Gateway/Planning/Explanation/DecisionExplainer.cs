using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Explanation;

/// <summary>Decides for a request as <see cref="Planner"/> does, by the same choice, and tells how it came about instead of running it.</summary>
internal sealed class DecisionExplainer(CurrentRouteTable routeTable, ClassPicker classes, CandidateChooser chooser, UsageStatistics usage, TimeProvider timeProvider)
{
    public async ValueTask<ExplainOutcome> ExplainAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        if (routeTable.Snapshot is not { } snapshot)
            return new ExplainOutcome.Refused(Failures.Unavailable("routing_unavailable", "The gateway has not learned its routes yet."));
        // Whoever asks why need not know what the route is for.
        if (snapshot.FindName(request.Model) is { } name && snapshot.FindRoute(name.Route) is { } named)
            request = request with { Mode = named.Route.Mode };
        if (Planner.Refusal(snapshot, request.Caller, request.Model, request.Mode, out var target, out var route) is { } refusal)
            return new ExplainOutcome.Refused(refusal);
        var picked = await classes.PickAsync(route, request, cancellationToken);
        return new ExplainOutcome.Explained(Explain(snapshot, target, route, picked, request));
    }

    private Decision Explain(RoutingSnapshot snapshot, NameTarget target, CompiledRoute route, PickedClass picked, PlanningRequest request)
    {
        var filter = new CandidateFilter(snapshot, request, request.MaxOutput ?? Planner.DefaultOutputOf(route));
        var pool = CandidateChooser.PoolOf(route, picked.Name, request);
        using var set = new CandidateSet(pool.Length);
        chooser.Choose(set, pool, filter, snapshot, route, picked.Name, request, isExplained: true);
        var decision = new Decision
        {
            Route = route.Route.Name,
            RequestClass = picked.Name,
            PolicyVersion = snapshot.Table.PolicyVersion,
            Choice = route.Weights is not null ? "score" : route.Split is not null ? "split" : "chain",
        };
        foreach (var place in set.Order)
            decision.Candidates.Add(Tell(set.Items[place], decision.Candidates.Count + 1));
        for (var place = 0; place < set.Items.Length; place++)
        {
            if (!set.Order.Contains(place))
                decision.Candidates.Add(Tell(set.Items[place], rank: 0));
        }

        if (Planner.BaselineOf(snapshot, route, request.Caller) is { } baseline && !set.Order.IsEmpty)
            (decision.Baseline, decision.BaselineCost) = (baseline.Model, baseline.CostOf(UsageOf(set.Items[set.Order[0]].Expected), timeProvider.GetUtcNow())?.ToProto());
        decision.Explanation = DecisionText.Of(decision, target, route, picked);
        return decision;

        ConsideredCandidate Tell(in Considered item, int rank) => Describe(item, rank, filter, route, snapshot, picked.Name, request);
    }

    private ConsideredCandidate Describe(
        in Considered item, int rank, CandidateFilter filter, CompiledRoute route, RoutingSnapshot snapshot, string requestClass, PlanningRequest request)
    {
        var deployment = item.Compiled.Deployment;
        var told = new ConsideredCandidate
        {
            Deployment = deployment.Id,
            Provider = deployment.Provider,
            Model = deployment.Model,
            DropReason = filter.Describe(item),
            Rank = rank,
            Score = item.Score,
        };
        if (item.Drop is not (Drop.None or >= Drop.Cooling))
            return told;
        told.Expected = ExpectationOf(item, route, requestClass);
        Price(told, item, snapshot, request);
        if (route.Weights is { } weights)
            told.Terms.AddRange(item.Terms.Named().Zip(weights.Named(), (term, weight) => new ScoreTerm { Name = term.Name, Value = term.Value, Weight = weight.Value }));
        return told;
    }

    private Expectation ExpectationOf(in Considered item, CompiledRoute route, string requestClass)
    {
        var prompt = usage.PromptFactor(item.Compiled.Family);
        var output = usage.Outputs(route.Route.Name, requestClass).Of(item.Compiled.Deployment.Model);
        return new Expectation
        {
            InputTokens = item.Expected.Input,
            CachedInputTokens = item.Expected.Cached,
            OutputTokens = item.Expected.Output,
            Milliseconds = item.Expected.Milliseconds,
            PromptFactor = prompt.Over(1, UsageStatistics.PromptPriorWeight),
            PromptSamples = prompt.Count,
            PromptError = prompt.Error,
            OutputSamples = output.Count,
            OutputError = output.Error,
        };
    }

    private void Price(ConsideredCandidate told, in Considered item, RoutingSnapshot snapshot, PlanningRequest request)
    {
        try
        {
            if (item.Compiled.Price is not { } price || snapshot.FindRate(price.Currency, request.Caller.Currency) is not { } rate)
                return;
            var charge = price.ChargeOf(UsageOf(item.Expected), timeProvider.GetUtcNow(), thinking: false, serviceTier: "", rate);
            (told.ExpectedCost, told.ExpectedBilled) = (charge.Cost.ToProto(), charge.Billed.ToProto());
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            // An amount that cannot be held exactly is not told at all.
            return;
        }
    }

    private static Usage UsageOf(in Expected expected) =>
        new() { InputTokens = expected.Input - expected.Cached, CacheReadTokens = expected.Cached, OutputTokens = expected.Output };
}

/// <summary>Outcome of an explanation.</summary>
internal abstract record ExplainOutcome
{
    private ExplainOutcome()
    {
    }

    public sealed record Explained(Decision Decision) : ExplainOutcome;

    public sealed record Refused(Failure Failure) : ExplainOutcome;
}
