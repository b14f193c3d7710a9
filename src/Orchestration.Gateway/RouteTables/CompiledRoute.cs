using System.Collections.Frozen;
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
    }

    public Route Route { get; }

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
