using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Prices;
using Orchestration.Routing.Tests.Policy;

namespace Orchestration.Routing.Tests.Prices;

/// <summary>Changes of the shipped catalogue, planned without a database.</summary>
internal static class PriceSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset December = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Dictionary<string, decimal> Dollars = new() { ["USD"] = 1m, ["CNY"] = 0.143m };

    public static CatalogueModel Model(string key) => PolicySamples.Catalogue.Find(key).ShouldNotBeNull();

    /// <summary>The price of a model that holds without an end.</summary>
    public static CataloguePrice Standing(string key, string currency = "USD") =>
        Model(key).Prices.Last(p => p.Currency == currency && p.EffectiveTo is null && p.Tiers.Count > 0);

    /// <summary>The standing price from a day on, with its base rates multiplied.</summary>
    public static ProposedPrice Scaled(string key, decimal input, decimal output, string currency = "USD")
    {
        var standing = Standing(key, currency);
        return Proposed(key, standing with { EffectiveFrom = December, Tiers = [.. standing.Tiers.Select(t => t with { Input = Times(t.Input, input), Output = Times(t.Output, output), CacheRead = t.CacheRead is null ? null : Times(t.CacheRead, input), CacheWrite = t.CacheWrite is null ? null : Times(t.CacheWrite, input), CacheWrite1h = t.CacheWrite1h is null ? null : Times(t.CacheWrite1h, input) })] });
    }

    public static ProposedPrice Proposed(string key, CataloguePrice price) => new("price", key.Split('/')[0], key.Split('/', 2)[1], price);

    public static PlannedChange<PriceRow> Plan(IReadOnlyList<ProposedPrice> prices, params string[] accept) =>
        Planner(PolicySamples.Catalogue).Plan(prices, accept, "test", Now);

    public static PricePlanner Planner(ModelCatalogue catalogue, string? policyProblem = null) => new(
        catalogue,
        catalogue.Models.SelectMany(m => m.Prices.Select(p => PriceRecords.NameOf(m.Provider, m.Id, p))).ToDictionary(name => name, _ => 1),
        new PlausibilityChecks(Dollars, PriceAnchor.ReadShipped()),
        _ => policyProblem);

    public static IEnumerable<string> Codes(this PriceChangeReport report) => report.Warnings.Select(w => w.Id.Split(':')[0]).Distinct();

    private static string Times(string rate, decimal factor) => (decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture) * factor).ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture);
}
