using System.Globalization;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>The record of the contract as a price of the catalogue.</summary>
internal static class CataloguePrices
{
    public static CataloguePrice From(PriceRecord record, int inputLimit) => new()
    {
        Currency = record.Currency,
        Region = record.Region,
        EffectiveFrom = record.EffectiveFrom?.ToDateTimeOffset(),
        EffectiveTo = record.EffectiveTo?.ToDateTimeOffset(),
        Confidence = record.Confidence.Length > 0 ? record.Confidence : "medium",
        InputLimit = inputLimit == 0 ? null : inputLimit,
        Tiers = [.. record.Tiers.Select(From)],
    };

    private static CatalogueTier From(PriceTier tier) => new()
    {
        InputTokensLte = tier.HasInputTokensLte ? tier.InputTokensLte : null,
        InputTokensGt = tier.HasInputTokensGt ? tier.InputTokensGt : null,
        OutputTokensLte = tier.HasOutputTokensLte ? tier.OutputTokensLte : null,
        Thinking = tier.HasThinking ? tier.Thinking : null,
        Window = tier.Window is null ? null : From(tier.Window),
        ServiceTier = NullIfEmpty(tier.ServiceTier),
        Input = tier.Input,
        Output = tier.Output,
        CacheRead = NullIfEmpty(tier.CacheRead),
        CacheWrite = NullIfEmpty(tier.CacheWrite),
        CacheWrite1h = NullIfEmpty(tier.CacheWrite1H),
        AudioInput = NullIfEmpty(tier.AudioInput),
        AudioOutput = NullIfEmpty(tier.AudioOutput),
        PerSearch = NullIfEmpty(tier.PerSearch),
    };

    private static CatalogueWindow From(PriceWindow window) => new()
    {
        TimeZone = window.TimeZone,
        Days = [.. window.Days],
        Ranges = [.. window.Ranges.Select(r => new CatalogueRange { From = TimeOf(r.FromMinute), To = TimeOf(r.ToMinute) })],
    };

    // A minute that is no time of day stays readable; the check of the price refuses it.
    private static string TimeOf(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
