using System.Collections.Frozen;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Gateway.RouteTables;

/// <summary>One route table, immutable and ready to plan by. A request uses one snapshot from its beginning to its end.</summary>
internal sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<string, CompiledRoute> _routes;
    private readonly FrozenDictionary<(string From, string To), ExchangeRate> _rates;

    public RoutingSnapshot(RouteTable table)
    {
        Table = table;
        var deployments = new Dictionary<string, CompiledDeployment>(StringComparer.Ordinal);
        foreach (var (id, deployment) in table.Deployments)
            deployments[id] = CompiledDeployment.Compile(deployment);
        _routes = table.Routes.ToFrozenDictionary(pair => pair.Key, pair => new CompiledRoute(pair.Value, deployments), StringComparer.Ordinal);
        _rates = table.Rates.DistinctBy(rate => (rate.FromCurrency, rate.ToCurrency))
            .ToFrozenDictionary(rate => (rate.FromCurrency, rate.ToCurrency));
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

    /// <summary>Whether the data of a tenant may go to an endpoint's region.</summary>
    public bool MayEnter(string tenant, string region) =>
        (Table.Residency.GetValueOrDefault(tenant) ?? Table.Residency.GetValueOrDefault("*"))?.Regions.Contains(region) ?? true;

    /// <summary>The rate between two currencies, or null when none is known.</summary>
    public ExchangeRate? FindRate(string from, string to)
    {
        if (string.Equals(from, to, StringComparison.Ordinal))
            return new ExchangeRate { FromCurrency = from, ToCurrency = to, Rate = "1", AsOf = Table.CreatedAt };
        return _rates.GetValueOrDefault((from, to));
    }

    private CompiledRoute? Resolve(string name) => Names.TryGetValue(name, out var target) ? FindRoute(target.Route) : null;

    private static bool Serves(Route route, string deployment) =>
        route.Chain.Contains(deployment) || route.ClassChains.Values.Any(chain => chain.Deployments.Contains(deployment));
}
