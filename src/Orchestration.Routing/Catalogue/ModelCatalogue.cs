using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestration.Pricing;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Catalogue;

/// <summary>All models with all their prices, past and future: an immutable, checked snapshot.</summary>
internal sealed class ModelCatalogue
{
    private readonly FrozenDictionary<string, CatalogueModel> _byKey;
    private readonly FrozenDictionary<string, PricedOffer[]> _offers;

    private ModelCatalogue(IReadOnlyList<CatalogueModel> models)
    {
        Models = models;
        _byKey = models.ToFrozenDictionary(m => m.Key, StringComparer.OrdinalIgnoreCase);
        _offers = models.ToFrozenDictionary(m => m.Key, OffersOf, StringComparer.OrdinalIgnoreCase);
        Hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(ToFiles(), CatalogueJson.Options)));
    }

    /// <summary>By provider, in the order of the provider's file.</summary>
    public IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>Changes with any content.</summary>
    public string Hash { get; }

    public static ModelCatalogue From(IEnumerable<CatalogueFile> files) =>
        new([.. files.OrderBy(f => f.Provider, StringComparer.Ordinal).SelectMany(f => f.Models.Select(m => m with { Provider = f.Provider }))]);

    public IReadOnlyList<CatalogueFile> ToFiles() =>
        [.. Models.GroupBy(m => m.Provider).Select(g => new CatalogueFile { Provider = g.Key, Models = [.. g] })];

    /// <summary>This catalogue with the models of a policy; one that both know is the policy's.</summary>
    public ModelCatalogue With(IReadOnlyList<PolicyModel> models)
    {
        if (models.Count == 0) return this;
        var own = models.Select(m => m.Model).DistinctBy(m => m.Key, StringComparer.OrdinalIgnoreCase).ToList();
        return new ModelCatalogue([.. Models.ExceptBy(own.Select(m => m.Key), m => m.Key, StringComparer.OrdinalIgnoreCase), .. own]);
    }

    /// <summary>The model behind "provider/id", in any case.</summary>
    public CatalogueModel? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The model that answers for one: itself, or its successor when it is retired or redirected.</summary>
    public CatalogueModel? Served(CatalogueModel model) =>
        model.IsServed ? model : model.Successor is { } id ? Find($"{model.Provider}/{id}") : null;

    /// <summary>Every price of a model that holds at an instant.</summary>
    public IEnumerable<PricedOffer> PricesAt(CatalogueModel model, DateTimeOffset at) => _offers[model.Key].Where(o => o.Price.HoldsAt(at));

    /// <summary>
    /// The price of an endpoint: one listed for its region, in the currency that the vendor bills there where it lists
    /// several. Never one of the other region, and never one converted by an exchange rate; null when none is known.
    /// </summary>
    public PricedOffer? PriceFor(CatalogueModel model, string region, DateTimeOffset at)
    {
        var home = region == "cn" ? "CNY" : "USD";
        return PricesAt(model, at)
            .Where(o => o.Price.Record.Region == region || o.Price.Record.Region == "any")
            .OrderBy(o => o.Price.Currency == home ? 0 : 1)
            .ThenBy(o => o.Price.Record.Region == region ? 0 : 1)
            .ThenBy(o => o.Price.Currency, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>The next instant after one at which some price begins or ends.</summary>
    public DateTimeOffset? NextPriceChange(DateTimeOffset after)
    {
        var changes = Models.SelectMany(m => m.Prices).SelectMany(p => new[] { p.EffectiveFrom, p.EffectiveTo }).Where(at => at > after).ToList();
        return changes.Count == 0 ? null : changes.Min();
    }

    /// <summary>Digits after the point of the finest rate in a currency.</summary>
    public int MostPriceDigits(string currency) =>
        Models.SelectMany(m => m.Prices).Where(p => p.Currency == currency).SelectMany(p => p.Tiers)
            .SelectMany(t => new[] { t.Input, t.Output, t.CacheRead, t.CacheWrite, t.CacheWrite1h, t.AudioInput, t.AudioOutput })
            .Select(rate => rate is null || !rate.Contains('.', StringComparison.Ordinal) ? 0 : rate.Length - rate.IndexOf('.', StringComparison.Ordinal) - 1)
            .DefaultIfEmpty(0).Max();

    private static PricedOffer[] OffersOf(CatalogueModel model) =>
        [.. model.Prices.Where(p => p.Tiers.Count > 0).Select(p => new PricedOffer(Price.Parse(PriceRecords.From(model, p)), p.InputLimit))];
}

/// <summary>A compiled price and the longest prompt that it is known for.</summary>
internal sealed record PricedOffer(Price Price, int? InputLimit);
