using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Pricing;

namespace Orchestration.Routing.Catalogue;

/// <summary>Turns a price of the catalogue into the record of the contract.</summary>
internal static class PriceRecords
{
    /// <exception cref="InvalidPriceException">A range of a window is not a time of day.</exception>
    public static PriceRecord From(CatalogueModel model, CataloguePrice price)
    {
        var record = new PriceRecord
        {
            PriceId = IdOf(model, price),
            Model = model.Id,
            Currency = price.Currency,
            Region = price.Region,
            Confidence = price.Confidence,
            EffectiveFrom = price.EffectiveFrom is { } from ? Timestamp.FromDateTimeOffset(from) : null,
            EffectiveTo = price.EffectiveTo is { } to ? Timestamp.FromDateTimeOffset(to) : null,
        };
        for (var i = 0; i < price.Tiers.Count; i++) record.Tiers.Add(From(price.Tiers[i], $"tiers[{i}]"));
        return record;
    }

    /// <summary>What the price holds for: the same for a price and its corrections.</summary>
    public static string NameOf(string provider, string model, CataloguePrice price)
    {
        var from = price.EffectiveFrom?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "always";
        return $"{provider}/{model}:{price.Currency}:{price.Region}@{from}";
    }

    private static string IdOf(CatalogueModel model, CataloguePrice price) =>
        NameOf(model.Provider, model.Id, price) + (price.Correction == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"~{price.Correction}"));

    private static PriceTier From(CatalogueTier tier, string path)
    {
        var wire = new PriceTier
        {
            Window = tier.Window is null ? null : From(tier.Window, $"{path}.window"),
            ServiceTier = tier.ServiceTier ?? "",
            Input = tier.Input,
            Output = tier.Output,
            CacheRead = tier.CacheRead ?? "",
            CacheWrite = tier.CacheWrite ?? "",
            CacheWrite1H = tier.CacheWrite1h ?? "",
            AudioInput = tier.AudioInput ?? "",
            AudioOutput = tier.AudioOutput ?? "",
            PerSearch = tier.PerSearch ?? "",
        };
        if (tier.InputTokensLte is { } inputLte) wire.InputTokensLte = inputLte;
        if (tier.InputTokensGt is { } inputGt) wire.InputTokensGt = inputGt;
        if (tier.OutputTokensLte is { } outputLte) wire.OutputTokensLte = outputLte;
        if (tier.Thinking is { } thinking) wire.Thinking = thinking;
        return wire;
    }

    private static PriceWindow From(CatalogueWindow window, string path)
    {
        var wire = new PriceWindow { TimeZone = window.TimeZone, Days = { window.Days } };
        for (var i = 0; i < window.Ranges.Count; i++)
            wire.Ranges.Add(new DailyRange
            {
                FromMinute = MinuteOf(window.Ranges[i].From, $"{path}.ranges[{i}].from"),
                ToMinute = MinuteOf(window.Ranges[i].To, $"{path}.ranges[{i}].to"),
            });
        return wire;
    }

    private static int MinuteOf(string text, string member)
    {
        if (text == "24:00") return 24 * 60;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.Hour * 60 + time.Minute
            : throw new InvalidPriceException(member, "is not a time of day such as 09:00");
    }
}
