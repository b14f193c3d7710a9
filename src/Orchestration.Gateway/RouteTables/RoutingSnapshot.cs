using System.Collections.Frozen;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Gateway.RouteTables;

/// <summary>One route table, immutable and ready to plan by. A request uses one snapshot from its beginning to its end.</summary>
internal sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<string, CompiledRoute> _routes;
    private readonly FrozenDictionary<(string Tenant, string Route), CompiledRoute?> _tenantRoutes;
    private readonly FrozenDictionary<string, RatesTo> _rates;

    public RoutingSnapshot(RouteTable table)
    {
        Table = table;
        var deployments = new Dictionary<string, CompiledDeployment>(StringComparer.Ordinal);
        foreach (var (id, deployment) in table.Deployments)
            deployments[id] = CompiledDeployment.Compile(deployment);
        _routes = table.Routes.ToFrozenDictionary(pair => pair.Key, pair => new CompiledRoute(pair.Value, deployments), StringComparer.Ordinal);
        _tenantRoutes = TenantRoutesOf(table, deployments);
        _rates = RatesOf(table, deployments.Values);
        TenantPrices = new TenantPrices(table.TenantTerms, FindRate);
        Names = table.Names.ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        Models = table.Models.OrderBy(model => model.Id, StringComparer.Ordinal).ToList();
        AnySimulatedDefault = Resolve("auto") is { } route && deployments.Values.Any(d => d.Deployment.Simulated && Serves(route.Route, d.Deployment.Id));
    }

    public RouteTable Table { get; }

    /// <summary>Deployments as a tenant pays for them.</summary>
    public TenantPrices TenantPrices { get; }

    /// <summary>Every requested name, in lower case.</summary>
    public FrozenDictionary<string, NameTarget> Names { get; }

    /// <summary>What clients may list, by id.</summary>
    public IReadOnlyList<ListedModel> Models { get; }

    /// <summary>True while the default route is answered by simulated providers.</summary>
    public bool AnySimulatedDefault { get; }

    public CompiledRoute? FindRoute(string name) => _routes.GetValueOrDefault(name);

    /// <summary>A route as a tenant has it; null when there is none, or none for this tenant.</summary>
    public CompiledRoute? FindRoute(string tenant, string name) =>
        _tenantRoutes.Count > 0 && _tenantRoutes.TryGetValue((tenant, name), out var own) ? own : FindRoute(name);

    /// <summary>Whether a tenant's overlay leaves it what a name stands for.</summary>
    public bool IsOpen(string tenant, string name) => FindName(name) is not { } target || FindRoute(target.Route) is null || FindRoute(tenant, target.Route) is not null;

    /// <summary>What a requested name means; "provider:model" and "provider/model" are the same.</summary>
    public NameTarget? FindName(string requested)
    {
        var name = requested.ToLowerInvariant();
        if (Names.TryGetValue(name, out var target))
            return target;
        var separator = name.AsSpan().IndexOfAny(':', '/');
        if (separator < 0)
            return null;
        var other = name[separator] == ':' ? '/' : ':';
        return Names.GetValueOrDefault(string.Concat(name.AsSpan(0, separator), [other], name.AsSpan(separator + 1)));
    }

    /// <summary>Where the data of a tenant may go; null when it is not bound.</summary>
    public Residency? ResidencyOf(string tenant) => Table.Residency.GetValueOrDefault(tenant) ?? Table.Residency.GetValueOrDefault("*");

    /// <summary>Whether the data of a tenant may go to an endpoint's region.</summary>
    public bool MayEnter(string tenant, string region) => ResidencyOf(tenant)?.Regions.Contains(region) ?? true;

    /// <summary>The rate between two currencies, or null when none is known.</summary>
    public ExchangeRate? FindRate(string from, string to) => RatesTo(to).Find(from);

    /// <summary>All rates that lead to a currency.</summary>
    public RatesTo RatesTo(string currency) => _rates.TryGetValue(currency, out var rates) ? rates : new RatesTo(currency, [], Table.CreatedAt);

    // A route that the tenant may not take stands there as null.
    private static FrozenDictionary<(string Tenant, string Route), CompiledRoute?> TenantRoutesOf(RouteTable table, Dictionary<string, CompiledDeployment> deployments)
    {
        var routes = new Dictionary<(string Tenant, string Route), CompiledRoute?>();
        foreach (var (tenant, own) in table.TenantRoutes)
        {
            foreach (var (name, route) in own.Routes)
                routes[(tenant, name)] = new CompiledRoute(route, deployments);
            foreach (var name in own.Closed)
                routes[(tenant, name)] = null;
        }

        return routes.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, RatesTo> RatesOf(RouteTable table, IEnumerable<CompiledDeployment> deployments)
    {
        var rates = table.Rates.DistinctBy(rate => (rate.FromCurrency, rate.ToCurrency)).ToList();
        return rates.Select(rate => rate.ToCurrency)
            .Concat(deployments.Select(compiled => compiled.Price?.Currency).OfType<string>())
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(currency => currency, currency => new RatesTo(currency, rates, table.CreatedAt), StringComparer.Ordinal);
    }

    private CompiledRoute? Resolve(string name) => Names.TryGetValue(name, out var target) ? FindRoute(target.Route) : null;

    private static bool Serves(Route route, string deployment) =>
        route.Chain.Contains(deployment) || route.ClassChains.Values.Any(chain => chain.Deployments.Contains(deployment));
}
