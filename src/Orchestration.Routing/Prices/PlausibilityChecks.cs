using System.Globalization;
using Orchestration.Pricing;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>Finds what looks like a slip: of the unit (per thousand for per million), of the currency, of a column.</summary>
/// <param name="rates">Rates by currency to US dollars; a currency without one is not compared.</param>
/// <param name="anchors">Prices that are known for sure.</param>
internal sealed class PlausibilityChecks(IReadOnlyDictionary<string, decimal> rates, IReadOnlyList<PriceAnchor> anchors)
{
    private const decimal MostAgainstHistory = 5m;
    private const decimal MostAgainstElsewhere = 4m;
    private const decimal MostAgainstSiblings = 40m;

    // Long answers with thinking are sold up to twelve times dearer than short ones without.
    private const decimal MostAgainstBaseTier = 20m;
    private const decimal DearestInDollars = 1000m;
    private const decimal CheapestInDollars = 0.002m;

    /// <summary>What looks wrong with a price, each with the code that names it.</summary>
    /// <param name="price">The new one.</param>
    /// <param name="corrected">What it corrects; null for a new one.</param>
    /// <param name="catalogue">The catalogue with it.</param>
    public IEnumerable<(string Code, string Message)> Check(ModelPrice price, CataloguePrice? corrected, ModelCatalogue catalogue)
    {
        if (price.Price.Tiers.Count == 0) return [];
        return Inside(price).Concat(Tiers(price)).Concat(Amounts(price)).Concat(History(price, corrected)).Concat(Elsewhere(price)).Concat(Siblings(price, catalogue)).Concat(Anchors(price)).Concat(Gap(price));
    }

    /// <summary>The rates that a price is known by.</summary>
    public static string Shown(CataloguePrice price) => price.Tiers.Count == 0 ? "unknown" : $"{BaseOf(price).Input}/{BaseOf(price).Output} {price.Currency}";

    /// <summary>The tier of an ordinary request.</summary>
    public static CatalogueTier BaseOf(CataloguePrice price) =>
        price.Tiers.FirstOrDefault(t => t.ServiceTier is null && t.Window is null && t.Thinking is not true) ?? price.Tiers[0];

    private static IEnumerable<(string, string)> Inside(ModelPrice price)
    {
        for (var i = 0; i < price.Price.Tiers.Count; i++)
        {
            var tier = price.Price.Tiers[i];
            var (input, output) = (Number(tier.Input), Number(tier.Output));
            if (price.Model.Mode == "chat" && input > 0 && output < input) yield return ("output_below_input", $"Tier {i}: output {tier.Output} is cheaper than input {tier.Input}.");
            if (input > 0 && output > 25 * input) yield return ("output_far_above_input", $"Tier {i}: output {tier.Output} is {Times(output, input)} the input {tier.Input}.");
            if (tier.CacheRead is { } read && Number(read) > input) yield return ("cache_read_above_input", $"Tier {i}: reading the cache costs {read}, more than fresh input at {tier.Input}.");
            if (tier.CacheRead is { } cheap && Number(cheap) is > 0 and var low && low * 200 < input) yield return ("cache_read_far_below_input", $"Tier {i}: reading the cache costs {cheap}, less than a two-hundredth of {tier.Input}.");
            if (tier.CacheWrite is { } write && Number(write) > 4 * input) yield return ("cache_write_far_above_input", $"Tier {i}: writing the cache costs {write}, {Times(Number(write), input)} the input {tier.Input}.");
        }
    }

    // The other checks know a price by the tier of an ordinary request: a slip in another tier shows beside it only.
    private static IEnumerable<(string, string)> Tiers(ModelPrice price)
    {
        var known = BaseOf(price.Price);
        for (var i = 0; i < price.Price.Tiers.Count; i++)
        {
            foreach (var (name, reference, rate) in Members(known, price.Price.Tiers[i]))
                if (reference > 0 && IsSlip(reference, rate, MostAgainstBaseTier)) yield return ("factor_to_base_tier", $"Tier {i}: {name} is {Times(rate, reference)} that of an ordinary request ({reference}, {rate} {price.Price.Currency}).");
        }
    }

    private IEnumerable<(string, string)> Amounts(ModelPrice price)
    {
        var tier = BaseOf(price.Price);
        if (price.Model.Mode == "chat" && (Number(tier.Input) == 0m || Number(tier.Output) == 0m)) yield return ("zero_price", $"{price.Name} sells input at {tier.Input} and output at {tier.Output}.");
        if (!rates.TryGetValue(price.Price.Currency, out var dollars)) yield break;
        foreach (var rate in new[] { tier.Input, tier.Output })
        {
            if (Number(rate) * dollars > DearestInDollars) yield return ("very_dear", $"{rate} {price.Price.Currency} for a million tokens is more than {DearestInDollars} USD.");
            if (Number(rate) > 0 && Number(rate) * dollars < CheapestInDollars) yield return ("very_cheap", $"{rate} {price.Price.Currency} for a million tokens is less than {CheapestInDollars} USD.");
        }
    }

    private static IEnumerable<(string, string)> History(ModelPrice price, CataloguePrice? corrected)
    {
        var before = corrected is { Tiers.Count: > 0 }
            ? corrected
            : price.Model.Prices.Where(p => IsSameOffer(p, price.Price) && p.Tiers.Count > 0 && (p.EffectiveFrom ?? DateTimeOffset.MinValue) < (price.Price.EffectiveFrom ?? DateTimeOffset.MinValue))
                .MaxBy(p => p.EffectiveFrom ?? DateTimeOffset.MinValue);
        if (before is null) yield break;
        var sameShape = before.Tiers.Count == price.Price.Tiers.Count;
        var pairs = sameShape ? before.Tiers.Zip(price.Price.Tiers) : [(BaseOf(before), BaseOf(price.Price))];
        foreach (var (old, now) in pairs)
        {
            foreach (var (name, was, becomes) in Members(old, now))
                if (IsSlip(was, becomes, MostAgainstHistory)) yield return ("factor_to_history", $"{name} is {Times(becomes, was)} the price before ({was} → {becomes} {price.Price.Currency}).");
        }
    }

    private IEnumerable<(string, string)> Elsewhere(ModelPrice price)
    {
        if (!rates.TryGetValue(price.Price.Currency, out var own)) yield break;
        foreach (var other in price.Model.Prices.Where(p => !IsSameOffer(p, price.Price) && p.Tiers.Count > 0 && Overlap(p, price.Price)))
        {
            if (!rates.TryGetValue(other.Currency, out var foreign)) continue;
            foreach (var (name, theirs, ours) in Members(BaseOf(other), BaseOf(price.Price)))
            {
                if (IsSlip(theirs * foreign, ours * own, MostAgainstElsewhere))
                    yield return ("factor_to_other_region", $"{name} is {Times(ours * own, theirs * foreign)} the price in {other.Currency} for region {other.Region} at the dated rate ({theirs} {other.Currency}, {ours} {price.Price.Currency}).");
            }
        }
    }

    private static IEnumerable<(string, string)> Siblings(ModelPrice price, ModelCatalogue catalogue)
    {
        var siblings = catalogue.Models.Where(m => m.Provider == price.Model.Provider && m.Mode == price.Model.Mode && m.Id != price.Model.Id && m.IsServed)
            .SelectMany(m => m.Prices).Where(p => IsSameOffer(p, price.Price) && p.Tiers.Count > 0 && Overlap(p, price.Price))
            .Select(p => Number(BaseOf(p).Input)).Where(rate => rate > 0).ToList();
        var input = Number(BaseOf(price.Price).Input);
        if (siblings.Count == 0 || input == 0) yield break;
        if (input > siblings.Max() * MostAgainstSiblings) yield return ("factor_to_siblings", $"Input at {input} is {Times(input, siblings.Max())} the dearest other model of the vendor ({siblings.Max()} {price.Price.Currency}).");
        if (input * MostAgainstSiblings < siblings.Min()) yield return ("factor_to_siblings", $"Input at {input} is {Times(input, siblings.Min())} the cheapest other model of the vendor ({siblings.Min()} {price.Price.Currency}).");
    }

    private IEnumerable<(string, string)> Anchors(ModelPrice price)
    {
        foreach (var anchor in anchors.Where(a => a.Provider == price.Model.Provider && a.Model == price.Model.Id && a.Currency == price.Price.Currency))
        {
            var (known, output) = (Number(anchor.Output), Number(BaseOf(price.Price).Output));
            var held = (price.Price.EffectiveFrom is null || price.Price.EffectiveFrom <= anchor.At) && (price.Price.EffectiveTo is null || anchor.At < price.Price.EffectiveTo);
            if (held ? output != known : IsSlip(known, output, 3m)) yield return ("anchor", $"Output at {output} {anchor.Currency}, where {anchor.Output} is known for {anchor.At:yyyy-MM-dd}.");
        }
    }

    private static IEnumerable<(string, string)> Gap(ModelPrice price)
    {
        if (price.Model.IsServed && price.Price.EffectiveTo is { } end && !price.Model.Prices.Any(p => IsSameOffer(p, price.Price) && p.EffectiveFrom == end))
            yield return ("ends_without_successor", $"From {end.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} on no price is known, and the model is not used.");
    }

    private static IEnumerable<(string Name, decimal Old, decimal Now)> Members(CatalogueTier old, CatalogueTier now)
    {
        yield return ("input", Number(old.Input), Number(now.Input));
        yield return ("output", Number(old.Output), Number(now.Output));
        if (old.CacheRead is not null && now.CacheRead is not null) yield return ("cache_read", Number(old.CacheRead), Number(now.CacheRead));
        if (old.CacheWrite is not null && now.CacheWrite is not null) yield return ("cache_write", Number(old.CacheWrite), Number(now.CacheWrite));
        if (old.CacheWrite1h is not null && now.CacheWrite1h is not null) yield return ("cache_write_1h", Number(old.CacheWrite1h), Number(now.CacheWrite1h));
        if (old.AudioInput is not null && now.AudioInput is not null) yield return ("audio_input", Number(old.AudioInput), Number(now.AudioInput));
        if (old.AudioOutput is not null && now.AudioOutput is not null) yield return ("audio_output", Number(old.AudioOutput), Number(now.AudioOutput));
        if (old.PerSearch is not null && now.PerSearch is not null) yield return ("per_search", Number(old.PerSearch), Number(now.PerSearch));
    }

    private static bool IsSlip(decimal reference, decimal value, decimal most) =>
        (reference == 0m) != (value == 0m) || value > reference * most || value * most < reference;

    private static bool IsSameOffer(CataloguePrice left, CataloguePrice right) => left.Currency == right.Currency && left.Region == right.Region;

    private static bool Overlap(CataloguePrice left, CataloguePrice right) =>
        (left.EffectiveFrom ?? DateTimeOffset.MinValue) < (right.EffectiveTo ?? DateTimeOffset.MaxValue)
        && (right.EffectiveFrom ?? DateTimeOffset.MinValue) < (left.EffectiveTo ?? DateTimeOffset.MaxValue);

    // Only prices that were parsed get here.
    private static decimal Number(string rate) => Money.Parse(rate, "USD").Amount;

    private static string Times(decimal value, decimal reference) => reference == 0m
        ? "nothing like"
        : string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(value / reference, 4, MidpointRounding.ToEven):0.####} times");
}
