using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.RouteTables;
using Orchestration.Pricing;
using Orchestration.Protocols;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Gateway.Planning;

/// <summary>Makes a plan from the route table in memory: name, route, chain, candidates that can answer, and what they may cost.</summary>
internal sealed class Planner(CurrentRouteTable routeTable, ClassPicker classes)
{
    // Only a table that left it out lacks it; the ledger must never see an unbounded request.
    private const int FallbackMaxOutput = 4096;

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
    private static Failure? Refusal(
        RoutingSnapshot snapshot, Caller caller, string name, string mode, out NameTarget target, out CompiledRoute route)
    {
        (target, route) = (null!, null!);
        if (snapshot.FindName(name) is not { } named || snapshot.FindRoute(named.Route) is not { } taken)
            return UnknownModel(name, snapshot);
        (target, route) = (named, taken);
        if (!caller.Access.AllowsModel(name, snapshot))
            return Failures.PermissionDenied("model_not_allowed", $"The API key may not use the model '{name}'.", "model");
        return string.Equals(route.Route.Mode, mode, StringComparison.Ordinal) ? null : WrongMode(name, mode, route.Route);
    }

    private PlanningOutcome Plan(RoutingSnapshot snapshot, NameTarget target, CompiledRoute route, PickedClass picked, PlanningRequest request)
    {
        var defaultOutput = route.Route.DefaultMaxOutput > 0 ? route.Route.DefaultMaxOutput : FallbackMaxOutput;
        var isChat = request.Mode == RouteModes.Chat;
        var filter = new CandidateFilter(snapshot, request, isChat ? request.MaxOutput ?? defaultOutput : 0);
        foreach (var deployment in route.ChainFor(picked.Name))
            filter.Consider(deployment);
        if (filter.Kept.Count == 0)
            return Refuse(filter.Explain());

        var plan = new Plan
        {
            RequestedModel = request.Model,
            Route = route.Route.Name,
            RequestClass = picked.Name,
            PolicyVersion = snapshot.Table.PolicyVersion,
            Rules = Rules(route.Route, request.Hints),
            Reason = Reason(route, picked),
            DefaultMaxOutput = isChat ? defaultOutput : 0,
        };
        plan.Candidates.AddRange(Healthy(filter.Kept));
        AddWarnings(plan, target, picked, request, isChat ? defaultOutput : null);
        var ceiling = Ceiling(plan.Candidates);
        return new PlanningOutcome.Planned(
            plan,
            request.Hints?.CostCap is { } cap ? Cap(ceiling, cap, snapshot) : ceiling,
            TextMeasure.EstimateTokens(request.Size, plan.Candidates[0].Deployment.Model),
            plan.Candidates.All(candidate => candidate.Deployment.Simulated));
    }

    /// <summary>Leaves out what is cooling, unless that would leave nothing: Providers knows better than our last news.</summary>
    private List<Candidate> Healthy(List<Candidate> candidates)
    {
        var healthy = candidates.FindAll(candidate => !routeTable.IsCooling(candidate.Deployment.Id));
        return healthy.Count > 0 ? healthy : candidates;
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

    private static Money Ceiling(RepeatedField<Candidate> candidates)
    {
        var ceiling = Money.FromProto(candidates[0].WorstCase);
        var dearest = Money.Zero(ceiling.Currency);
        foreach (var candidate in candidates.Skip(1))
        {
            var worst = Money.FromProto(candidate.WorstCase);
            if (worst > dearest)
                dearest = worst;
        }

        return ceiling + dearest;
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

    private static string Reason(CompiledRoute route, PickedClass picked) => picked.Name.Length == 0
        ? $"First usable deployment of route '{route.Route.Name}'."
        : $"First usable deployment of class '{picked.Name}' of route '{route.Route.Name}': {picked.Reason}.";

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
