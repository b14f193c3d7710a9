using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Chain = Orchestration.Contracts.Routing.V1.Chain;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Routing.Tables;

/// <summary>Turns an overlay into the routes that its tenant has in place of the table's.</summary>
internal sealed class OverlayRoutes(TenantOverlay overlay, RouteTable table, Func<PolicyRoute, Route?> make, PolicyDocument policy)
{
    public TenantRoutes Build()
    {
        var rerouted = Rerouted();
        var built = new TenantRoutes();
        foreach (var (name, installed) in table.Routes.OrderBy(route => route.Key, StringComparer.Ordinal))
        {
            var route = Narrowed(rerouted.GetValueOrDefault(name) ?? installed);
            if (route is null) built.Closed.Add(name);
            else if (!route.Equals(installed)) built.Routes.Add(name, route);
        }

        return built;
    }

    /// <summary>The regions that both the installation and the overlay allow; null when neither says any.</summary>
    public static Residency? ResidencyOf(TenantOverlay overlay, Residency? installed)
    {
        if (overlay.Residency.Count == 0) return installed;
        var regions = overlay.Residency.Select(r => r.Target).Distinct();
        return new Residency { Regions = { installed is null ? regions : regions.Intersect(installed.Regions) } };
    }

    private Dictionary<string, Route> Rerouted()
    {
        var routes = new Dictionary<string, Route>(StringComparer.Ordinal);
        foreach (var route in overlay.Routes)
        {
            var installed = policy.Routes.First(r => string.Equals(r.Name, route.Name, StringComparison.OrdinalIgnoreCase));
            // A route that the table lacks has nothing to answer it, and an overlay is no way to open it.
            if (table.Routes.ContainsKey(installed.Name) && make(route.Over(installed)) is { } made) routes[installed.Name] = made;
        }

        return routes;
    }

    private Route? Narrowed(Route installed)
    {
        var route = installed.Clone();
        Keep(route.Chain);
        foreach (var chain in route.ClassChains.Values) Keep(chain.Deployments);
        foreach (var empty in route.ClassChains.Where(chain => chain.Value.Deployments.Count == 0).ToList()) route.ClassChains.Remove(empty.Key);
        if (installed.ClassChains.Count > 0)
        {
            if (route.ClassChains.Count == 0) return null;
            foreach (var lost in installed.ClassChains.Keys.Except(route.ClassChains.Keys).ToList())
                route.ClassChains.Add(lost, new Chain { Deployments = { route.ClassChains[ChainBuilder.Nearest(lost, route.ClassChains.Keys)].Deployments } });
        }
        else if (route.Chain.Count == 0)
        {
            return null;
        }

        NarrowSplit(route);
        if (overlay.DefaultMaxOutput is { } most && most < route.DefaultMaxOutput) route.DefaultMaxOutput = most;
        if (overlay.NoCache) route.Cache = null;
        return route;
    }

    // Shares mean nothing once an arm is empty: the chain is the order then.
    private void NarrowSplit(Route route)
    {
        if (route.Choice is null) return;
        foreach (var arm in route.Choice.Split) Keep(arm.Deployments);
        if (route.Choice.Split.Any(arm => arm.Deployments.Count == 0)) route.Choice.Split.Clear();
    }

    private void Keep(Google.Protobuf.Collections.RepeatedField<string> chain)
    {
        var kept = chain.Where(id => overlay.Permits($"{table.Deployments[id].Provider}/{table.Deployments[id].Model}")).ToList();
        if (kept.Count == chain.Count) return;
        chain.Clear();
        chain.AddRange(kept);
    }
}
