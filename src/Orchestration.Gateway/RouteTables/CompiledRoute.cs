using System.Collections.Frozen;
using Orchestration.Gateway.Planning.Scoring;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Gateway.RouteTables;

/// <summary>A route with its chains resolved to deployments.</summary>
internal sealed class CompiledRoute
{
    private readonly CompiledDeployment[] _chain;
    private readonly FrozenDictionary<string, CompiledDeployment[]> _classChains;

    public CompiledRoute(Route route, Dictionary<string, CompiledDeployment> deployments)
    {
        Route = route;
        _chain = Resolve(route.Chain, deployments);
        _classChains = route.ClassChains.ToFrozenDictionary(pair => pair.Key, pair => Resolve(pair.Value.Deployments, deployments), StringComparer.Ordinal);
        Weights = route.Choice?.Score?.Weights is { } weights ? ScoreTerms.WeightsOf(weights) : null;
        Split = route.Choice?.Split.Count > 0 ? new TrafficSplit(route.Name, route.Choice.Split, arm => Resolve(arm, deployments)) : null;
        Baseline = route.Baseline is { } baseline ? CompiledDeployment.Compile(baseline) : null;
    }

    public Route Route { get; }

    /// <summary>Parts of the terms of a score, 1 together; null when no score decides.</summary>
    public ScoreTerms? Weights { get; }

    /// <summary>Arms that share the requests; null when there are none.</summary>
    public TrafficSplit? Split { get; }

    /// <summary>True when the requests of a session stay on one deployment.</summary>
    public bool IsSticky => Route.Choice?.Sticky == true;

    /// <summary>Model that costs are compared with; null when none is declared.</summary>
    public CompiledDeployment? Baseline { get; }

    public bool ChoosesByClass => _classChains.Count > 0;

    public bool HasClass(string requestClass) => _classChains.ContainsKey(requestClass);

    /// <summary>The chain of a class, or the only one.</summary>
    public CompiledDeployment[] ChainFor(string requestClass) =>
        ChoosesByClass ? _classChains.GetValueOrDefault(requestClass, []) : _chain;

    /// <summary>A deployment that may answer for the route; null when it is none of its.</summary>
    public Orchestration.Contracts.Routing.V1.Deployment? Find(string id) =>
        _classChains.Values.Append(_chain).SelectMany(chain => chain).FirstOrDefault(compiled => compiled.Deployment.Id == id)?.Deployment;

    private static CompiledDeployment[] Resolve(IEnumerable<string> ids, Dictionary<string, CompiledDeployment> deployments)
    {
        var chain = new List<CompiledDeployment>();
        foreach (var id in ids)
        {
            if (deployments.TryGetValue(id, out var deployment))
                chain.Add(deployment);
        }

        return [.. chain];
    }
}
