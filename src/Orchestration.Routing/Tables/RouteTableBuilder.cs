using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Chain = Orchestration.Contracts.Routing.V1.Chain;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Routing.Tables;

/// <summary>Makes a route table. The same inputs make the same version, in every replica and after every restart.</summary>
internal sealed class RouteTableBuilder
{
    private readonly RoutingInputs _inputs;
    private readonly DeploymentSet _deployments;
    private readonly ChainBuilder _chains;
    private readonly RouteTable _table;

    private RouteTableBuilder(RoutingInputs inputs, DateTimeOffset at)
    {
        _inputs = inputs;
        _deployments = new DeploymentSet(inputs, at);
        _chains = new ChainBuilder(inputs.Policy, _deployments);
        _table = new RouteTable { PolicyVersion = inputs.PolicyVersion };
    }

    public static BuiltTable Build(RoutingInputs inputs, DateTimeOffset at)
    {
        var builder = new RouteTableBuilder(inputs, at);
        foreach (var route in inputs.Policy.Routes) builder.AddPolicyRoute(route);
        foreach (var model in inputs.Catalogue.Models) builder.AddModelRoute(model.Key, model.Mode);
        var table = builder.Finish(at);
        return new BuiltTable(table, inputs, builder._deployments.Problems);
    }

    private void AddPolicyRoute(PolicyRoute policy)
    {
        var (route, all) = Make(policy);
        AddRoute(route, all, "orchestration");
    }

    private (Route Route, IReadOnlyList<Deployment> Deployments) Make(PolicyRoute policy)
    {
        var route = NewRoute(policy.Name, policy.Mode, policy.DefaultMaxOutput, policy.Execution, policy.Cache, policy.Queue);
        IReadOnlyList<Deployment> all;
        if (policy.ChoosesByClass)
        {
            var classes = _chains.BuildClasses(policy);
            foreach (var requestClass in RequestClasses.All.Where(classes.ContainsKey))
                route.ClassChains.Add(requestClass, new Chain { Deployments = { classes[requestClass].Select(d => d.Id) } });
            route.DefaultClass = policy.DefaultClass;
            all = [.. classes.Values.SelectMany(chain => chain).DistinctBy(d => d.Id)];
        }
        else
        {
            all = _chains.Build(policy, policy.Chain);
            route.Chain.AddRange(all.Select(d => d.Id));
        }

        // What stands in no chain stands in no arm: simulated deployments beside real ones, and those without a price.
        var usable = all.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        route.Choice = policy.Choice.ToRules(arm => _chains.Build(policy, arm).Select(d => d.Id).Where(usable.Contains));
        route.Baseline = policy.Choice.Baseline is { } baseline ? _deployments.Baseline(baseline.Target) : null;
        route.CacheEpoch = EpochOf(all);
        return (route, all);
    }

    /// <summary>The route of an overlay; its deployments join the table. Null when nothing answers it.</summary>
    private Route? MakeForTenant(PolicyRoute policy)
    {
        var (route, all) = Make(policy);
        foreach (var deployment in all) _table.Deployments.TryAdd(deployment.Id, deployment);
        return all.Count > 0 ? route : null;
    }

    private void AddOverlays()
    {
        foreach (var overlay in _inputs.Policy.Overlays)
        {
            var routes = new OverlayRoutes(overlay, _table, MakeForTenant, _inputs.Policy).Build();
            if (routes.Routes.Count + routes.Closed.Count > 0) _table.TenantRoutes.Add(overlay.Tenant, routes);
            var installed = _table.Residency.GetValueOrDefault(overlay.Tenant) ?? _table.Residency.GetValueOrDefault(PolicyResidency.EveryTenant);
            if (OverlayRoutes.ResidencyOf(overlay, installed) is { } residency) _table.Residency[overlay.Tenant] = residency;
        }
    }

    private void AddModelRoute(string key, string mode)
    {
        var chain = _chains.Build(key);
        var route = NewRoute(key, mode, defaultMaxOutput: null, new ExecutionPolicy(), cache: null, queue: null);
        route.Chain.AddRange(chain.Select(d => d.Id));
        AddRoute(route, chain, chain.Count > 0 ? chain[0].Provider : "");
    }

    private Route NewRoute(string name, string mode, int? defaultMaxOutput, ExecutionPolicy execution, CachePolicy? cache, QueuePolicy? queue) => new()
    {
        Name = name,
        Mode = mode,
        DefaultMaxOutput = defaultMaxOutput ?? _inputs.Policy.DefaultMaxOutput,
        Rules = RulesOf(execution.Over(_inputs.Policy.Execution).Over(ExecutionPolicy.Default)),
        Cache = (cache ?? _inputs.Policy.Cache)?.ToRules(),
        Queue = (queue ?? _inputs.Policy.Queue)?.ToRules(),
    };

    private void AddRoute(Route route, IReadOnlyList<Deployment> deployments, string owner)
    {
        if (deployments.Count == 0) return;
        foreach (var deployment in deployments) _table.Deployments.TryAdd(deployment.Id, deployment);
        route.CacheEpoch = EpochOf(deployments);
        _table.Routes.Add(route.Name, route);
        if (deployments.All(d => d.Price is null)) return;

        var single = owner == "orchestration" ? null : deployments[0];
        _table.Models.Add(new ListedModel
        {
            Id = route.Name,
            OwnedBy = owner,
            Simulated = deployments.All(d => d.Simulated),
            Mode = route.Mode,
            ContextWindow = single?.ContextWindow ?? 0,
            MaxOutput = single?.MaxOutput ?? 0,
            Capabilities = single?.Capabilities,
        });
    }

    private RouteTable Finish(DateTimeOffset at)
    {
        _table.Rates.AddRange(_inputs.Terms.RatesAt(at, _inputs.Policy.Rates));
        _table.TenantTerms.AddRange(_inputs.Terms.TermsAt(at));
        _table.Unpriced.AddRange(_deployments.Unpriced);
        foreach (var residency in _inputs.Policy.Residency)
            _table.Residency.Add(residency.Tenant, new Residency { Regions = { residency.Regions.Select(r => r.Target) } });
        AddOverlays();
        var names = new NameIndex(_inputs.Policy, _inputs.Catalogue, _table.Routes.Keys.ToHashSet(StringComparer.Ordinal)).Build();
        foreach (var (name, target) in names) _table.Names.Add(name, target);

        var hash = SHA256.HashData(_table.ToByteArray());
        _table.Version = $"{_inputs.PolicyVersion}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
        _table.CreatedAt = Timestamp.FromDateTimeOffset(at);
        return _table;
    }

    /// <summary>Another set of models, or real instead of simulated ones, is another epoch; another order or price is not.</summary>
    private static long EpochOf(IReadOnlyList<Deployment> deployments)
    {
        var answering = deployments.Select(d => $"{d.Provider}/{d.Model}/{d.UpstreamModel}/{d.Simulated}").Distinct().Order(StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', answering)));
        return BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
    }

    private static ExecutionRules RulesOf(ExecutionPolicy execution)
    {
        var rules = new ExecutionRules
        {
            MaxAttempts = execution.MaxAttempts!.Value,
            ConnectTimeout = Duration.FromTimeSpan(execution.ConnectTimeout!.Value),
            FirstTokenTimeout = Duration.FromTimeSpan(execution.FirstTokenTimeout!.Value),
            IdleTimeout = Duration.FromTimeSpan(execution.IdleTimeout!.Value),
            MaxDuration = Duration.FromTimeSpan(execution.MaxDuration!.Value),
            TotalDeadline = Duration.FromTimeSpan(execution.TotalDeadline!.Value),
            FailoverOnContentFilter = execution.FailoverOnContentFilter!.Value,
            HedgeSpendPercent = execution.HedgeSpendPercent ?? 0,
            RefuseLargerContext = execution.RefuseLargerContext ?? false,
            DrainTokensAfterDisconnect = execution.DrainTokens ?? 0,
        };
        if (execution.DrainAfterDisconnect is { } drain) rules.DrainAfterDisconnect = Duration.FromTimeSpan(drain);
        if (execution.HedgeAfter is { } silence) rules.HedgeAfter = Duration.FromTimeSpan(silence);
        return rules;
    }
}
