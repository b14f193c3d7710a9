using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Tables;

/// <summary>Turns the chains of the policy into chains of deployments.</summary>
internal sealed class ChainBuilder(PolicyDocument policy, DeploymentSet deployments)
{
    /// <summary>Deployments of a chain in order: priced ones only, and simulated ones never beside real ones unless allowed.</summary>
    public IReadOnlyList<Deployment> Build(PolicyRoute route, IReadOnlyList<PolicyReference> chain)
    {
        var all = chain.SelectMany(reference => deployments.Of(reference.Target)).Where(d => d.Price is not null).DistinctBy(d => d.Id).ToList();
        return Separate(all, route.AllowSimulated ?? policy.AllowSimulated);
    }

    /// <summary>The chain of a model's own route: its deployments and nothing else.</summary>
    public IReadOnlyList<Deployment> Build(string modelKey) => Separate(deployments.Of(modelKey), policy.AllowSimulated);

    /// <summary>The chain of every class; once a class has real deployments, the others borrow from the nearest class that has.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Deployment>> BuildClasses(PolicyRoute route)
    {
        var chains = RequestClasses.All.Where(route.Classes.ContainsKey).ToDictionary(c => c, c => Build(route, route.Classes[c]), StringComparer.Ordinal);
        var filled = chains.Where(c => c.Value.Count > 0).ToDictionary();
        var real = chains.Where(c => c.Value.Any(d => !d.Simulated)).ToDictionary();
        var lenders = real.Count > 0 && !(route.AllowSimulated ?? policy.AllowSimulated) ? real : filled;
        return lenders.Count == 0 ? lenders : chains.Keys.ToDictionary(c => c, c => lenders[Nearest(c, lenders.Keys)], StringComparer.Ordinal);
    }

    /// <summary>The class that may stand in for one.</summary>
    public static string Nearest(string requestClass, IEnumerable<string> available)
    {
        var wanted = Rank(requestClass);
        // Of two equally near the harder one: a stronger model answers an easy question, not the other way round.
        return available.OrderBy(c => Math.Abs(Rank(c) - wanted)).ThenByDescending(Rank).First();
    }

    private static int Rank(string requestClass) => requestClass switch
    {
        RequestClasses.Simple => 0,
        RequestClasses.Moderate => 1,
        _ => 2,
    };

    private static IReadOnlyList<Deployment> Separate(IReadOnlyList<Deployment> chain, bool allowSimulated) =>
        allowSimulated || chain.All(d => d.Simulated) ? chain : [.. chain.Where(d => !d.Simulated)];
}
