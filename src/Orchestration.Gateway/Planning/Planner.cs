using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Pricing;
using Orchestration.Protocols;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Gateway.Planning;

/// <summary>Makes a plan from the route table in memory: name, route, chain, candidates that can answer, and what they may cost.</summary>
internal sealed class Planner(CurrentRouteTable routeTable, ClassPicker classes, CandidateChooser chooser)
{
    // Only a table that left it out lacks it; the ledger must never see an unbounded request.
    private const int FallbackMaxOutput = 4096;

    // Further ones would only be carried to Providers and back: a route tries ten at most, and few of them.
    private const int MostScored = 8;

    public async ValueTask<PlanningOutcome> PlanAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        if (routeTable.Snapshot is not { } snapshot)
            return Refuse(NoTable());
        if (Refusal(snapshot, request.Caller, request.Model, request.Mode, out var target, out var route) is { } refusal)
            return Refuse(refusal);
        var picked = await classes.PickAsync(route, request, cancellationToken);
        return Plan(snapshot, target, route, picked, request);
    }

    /// <summary>The model that a name would be answered by first, as far as can be told without looking at a prompt.</summary>
    public ModelSearch FindModel(Caller caller, string name, string mode)
    {
        if (routeTable.Snapshot is not { } snapshot)
            return new ModelSearch.Refused(NoTable());
        if (Refusal(snapshot, caller, name, mode, out _, out var route) is { } refusal)
            return new ModelSearch.Refused(refusal);
        var first = Array.Find(route.ChainFor(route.Route.DefaultClass), compiled => snapshot.MayEnter(caller.TenantId, compiled.Deployment.Region));
        return first is null
            ? new ModelSearch.Refused(Failures.Unavailable("no_deployment", $"No deployment serves '{name}' right now."))
            : new ModelSearch.Found(first.Deployment.Model);
    }

    /// <summary>The route that a request would take; null when it may take none.</summary>
    public static CompiledRoute? FindRoute(RoutingSnapshot snapshot, PlanningRequest request) =>
        Refusal(snapshot, request.Caller, request.Model, request.Mode, out _, out var route) is null ? route : null;

    /// <summary>Why a name cannot be used by a caller, or null and what it stands for.</summary>
    internal static Failure? Refusal(
        RoutingSnapshot snapshot, Caller caller, string name, string mode, out NameTarget target, out CompiledRoute route)
    {
        (target, route) = (null!, null!);
        if (snapshot.FindName(name) is not { } named || snapshot.FindRoute(named.Route) is null)
            return UnknownModel(name, snapshot);
        if (snapshot.FindRoute(caller.TenantId, named.Route) is not { } taken)
            return Failures.PermissionDenied("model_not_allowed", $"The tenant may not use the model '{name}'.", "model");
        (target, route) = (named, taken);
        if (!caller.Access.AllowsModel(name, snapshot))
            return Failures.PermissionDenied("model_not_allowed", $"The API key may not use the model '{name}'.", "model");
        return string.Equals(route.Route.Mode, mode, StringComparison.Ordinal) ? null : WrongMode(name, mode, route.Route);
    }

    /// <summary>Plans for a route and class that are found.</summary>
    internal PlanningOutcome Plan(RoutingSnapshot snapshot, NameTarget target, CompiledRoute route, PickedClass picked, PlanningRequest request)
    {
        var isChat = request.Mode == RouteModes.Chat;
        var defaultOutput = DefaultOutputOf(route);
        var filter = new CandidateFilter(snapshot, request, isChat ? request.MaxOutput ?? defaultOutput : 0);
        var pool = CandidateChooser.PoolOf(route, picked.Name, request);
        using var set = new CandidateSet(pool.Length);
        chooser.Choose(set, pool, filter, snapshot, route, picked.Name, request);
        var plan = new Plan
        {
            RequestedModel = request.Model,
            Route = route.Route.Name,
            RequestClass = picked.Name,
            PolicyVersion = snapshot.Table.PolicyVersion,
            Rules = Rules(route.Route, request.Hints),
            Reason = PlanReason.Of(set, route, picked),
            DefaultMaxOutput = isChat ? defaultOutput : 0,
        };
        if (AddCandidates(plan, set, filter, route.Weights is null ? int.MaxValue : MostScored) is not { } ceiling)
            return Refuse(filter.Explain());

        AddWarnings(plan, target, picked, request, isChat ? defaultOutput : null);
        return new PlanningOutcome.Planned(
            plan,
            request.Hints?.CostCap is { } cap ? Cap(ceiling, cap, snapshot) : ceiling,
            TextMeasure.EstimateTokens(request.Size, plan.Candidates[0].Deployment.Model),
            plan.Candidates.All(candidate => candidate.Deployment.Simulated))
        {
            Basis = isChat ? new ChoiceBasis(request.Size, request.Keys, request.Choices, BaselineOf(snapshot, route, request.Caller)) : null,
        };
    }

    /// <summary>What the costs of a route's requests are compared with, as a tenant would pay it; null when there is nothing.</summary>
    internal static BaselinePrice? BaselineOf(RoutingSnapshot snapshot, CompiledRoute route, Caller caller)
    {
        if (route.Baseline is not { } declared)
            return null;
        var compiled = snapshot.TenantPrices.For(caller.TenantId, caller.Currency, declared);
        return compiled.Price is { } price && snapshot.FindRate(price.Currency, caller.Currency) is { } rate
            ? new BaselinePrice($"{declared.Deployment.Provider}/{declared.Deployment.Model}", price, rate)
            : null;
    }

    internal static int DefaultOutputOf(CompiledRoute route) => route.Route.DefaultMaxOutput > 0 ? route.Route.DefaultMaxOutput : FallbackMaxOutput;

    /// <summary>Adds candidates in their order. Returns the worst of the first with that of the dearest that may follow it; null when none can be asked.</summary>
    private static Money? AddCandidates(Plan plan, CandidateSet set, CandidateFilter filter, int most)
    {
        Money? first = null;
        Money? dearest = null;
        foreach (var place in set.Order)
        {
            if (filter.ToCandidate(set.Items[place].Compiled, out var worst) is not { } candidate)
                continue;
            plan.Candidates.Add(candidate);
            if (first is null)
                first = worst;
            else if (dearest is not { } soFar || worst > soFar)
                dearest = worst;
            if (plan.Candidates.Count == most)
                break;
        }

        return first is { } sum && dearest is { } further ? sum + further : first;
    }

    private static void AddWarnings(Plan plan, NameTarget target, PickedClass picked, PlanningRequest request, int? defaultOutput)
    {
        plan.Warnings.AddRange(target.Warnings);
        plan.Warnings.AddRange(request.Warnings);
        if (picked.Warning is { } warning)
            plan.Warnings.Add(warning);
        if (defaultOutput is not { } output || request.MaxOutput is not null)
            return;
        plan.Warnings.Add(new Warning
        {
            Code = "default_max_output",
            Param = "max_tokens",
            Message = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The request names no output limit; the route's default of {output} tokens is sent."),
        });
    }

    private static ExecutionRules Rules(Route route, RoutingHints? hints)
    {
        var rules = route.Rules ?? new ExecutionRules();
        if (hints?.Deadline is not { } deadline || rules.TotalDeadline is { } limit && limit.ToTimeSpan() <= deadline.ToTimeSpan())
            return rules;
        // The route's own rules are shared by all requests.
        rules = rules.Clone();
        rules.TotalDeadline = deadline;
        return rules;
    }

    private static Money Cap(Money ceiling, Contracts.Pricing.V1.Money cap, RoutingSnapshot snapshot)
    {
        // Entry points have checked the form; a currency without a rate cannot lower the ceiling.
        var wanted = Money.FromProto(cap);
        if (snapshot.FindRate(wanted.Currency, ceiling.Currency) is not { } rate)
            return ceiling;
        var converted = ExchangeRates.Convert(wanted, rate);
        return converted < ceiling ? converted : ceiling;
    }

    private static Failure UnknownModel(string model, RoutingSnapshot snapshot)
    {
        var close = CloseNames.Find(model, snapshot.Names.Keys);
        var hint = close.Count == 0 ? "GET /v1/models lists what there is." : $"Did you mean {string.Join(" or ", close.Select(name => $"'{name}'"))}?";
        var shown = model.Length <= 64 ? model : model[..64] + "…";
        return Failures.NotFound("model_not_found", $"The model '{shown}' does not exist or you do not have access to it. {hint}", "model");
    }

    private static Failure NoTable() => Failures.Unavailable("routing_unavailable", "The gateway has not learned its routes yet.");

    private static Failure WrongMode(string model, string mode, Route route) => Failures.Invalid(
        "model_not_supported",
        $"'{model}' is a model for {route.Mode} and cannot be used for {mode}. Send it to {RouteModes.PathOf(route.Mode)}, "
            + $"or name a model for {mode}: GET /v1/models tells the mode of each.",
        "model");

    private static PlanningOutcome.Refused Refuse(Failure failure) => new(failure);
}
