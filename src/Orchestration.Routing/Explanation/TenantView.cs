using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Routing.Explanation;

/// <summary>A table as one tenant has it.</summary>
internal static class TenantView
{
    /// <summary>The route behind a name; null when none has it, or when the tenant may not take it.</summary>
    public static Route? FindRoute(RouteTable table, string tenant, string name)
    {
        if (!table.Names.TryGetValue(name.ToLowerInvariant(), out var target)) return null;
        if (!table.TenantRoutes.TryGetValue(tenant, out var own)) return table.Routes[target.Route];
        return own.Closed.Contains(target.Route) ? null : own.Routes.GetValueOrDefault(target.Route) ?? table.Routes[target.Route];
    }

    /// <summary>Where the tenant's data may go; null when it is not bound.</summary>
    public static Residency? ResidencyOf(RouteTable table, string tenant) =>
        table.Residency.GetValueOrDefault(tenant) ?? table.Residency.GetValueOrDefault(PolicyResidency.EveryTenant);

    public static bool MayEnter(RouteTable table, string tenant, string region) => ResidencyOf(table, tenant)?.Regions.Contains(region) ?? true;
}
