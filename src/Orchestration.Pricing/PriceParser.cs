using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>Checks a price record and compiles it.</summary>
internal static class PriceParser
{
    // Nine digits leave room for the division by a million within the ledger's fifteen.
    private const int MostRateDigits = 9;

    public static Price Parse(PriceRecord record)
    {
        Require(record.PriceId.Length > 0, "price_id", "is missing");
        Require(record.Model.Length > 0, "model", "is missing");
        Require(CurrencyCode.IsValid(record.Currency), "currency", "is not a three-letter ISO 4217 code in upper case");
        Require(record.Region is "cn" or "intl" or "any", "region", "is not cn, intl or any");
        Require(record.EffectiveFrom is null || record.EffectiveTo is null
            || record.EffectiveFrom.ToDateTimeOffset() < record.EffectiveTo.ToDateTimeOffset(), "effective_to", "is not after effective_from");
        Require(record.Tiers.Count > 0, "tiers", "is empty");

        var tiers = new CompiledTier[record.Tiers.Count];
        for (var i = 0; i < tiers.Length; i++) tiers[i] = Compile(record.Tiers[i], $"tiers[{i}]");
        TierCoverage.Check(tiers);
        return new Price(record, tiers, Billing.Parse(record.Billing));
    }

    private static CompiledTier Compile(PriceTier tier, string path)
    {
        var above = tier.HasInputTokensGt ? tier.InputTokensGt : -1;
        var upTo = tier.HasInputTokensLte ? tier.InputTokensLte : long.MaxValue;
        Require(!tier.HasInputTokensGt || above >= 0, $"{path}.input_tokens_gt", "is negative");
        Require(upTo > above && upTo > 0, $"{path}.input_tokens_lte", "leaves no request");
        Require(!tier.HasOutputTokensLte || tier.OutputTokensLte > 0, $"{path}.output_tokens_lte", "leaves no request");

        var input = Rate(tier.Input, $"{path}.input");
        var output = Rate(tier.Output, $"{path}.output");
        var cacheRead = Rate(tier.CacheRead, $"{path}.cache_read", input);
        var cacheWrite = Rate(tier.CacheWrite, $"{path}.cache_write", input);
        var cacheWrite1h = Rate(tier.CacheWrite1H, $"{path}.cache_write_1h", cacheWrite);
        var audioInput = Rate(tier.AudioInput, $"{path}.audio_input", input);
        var audioOutput = Rate(tier.AudioOutput, $"{path}.audio_output", output);
        return new CompiledTier
        {
            InputAbove = above,
            InputUpTo = upTo,
            OutputUpTo = tier.HasOutputTokensLte ? tier.OutputTokensLte : long.MaxValue,
            Thinking = tier.HasThinking ? tier.Thinking : null,
            Window = tier.Window is null ? null : Compile(tier.Window, $"{path}.window"),
            ServiceTier = tier.ServiceTier,
            Input = input,
            Output = output,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            CacheWrite1h = cacheWrite1h,
            AudioInput = audioInput,
            AudioOutput = audioOutput,
            DearestInput = new[] { input, cacheRead, cacheWrite, cacheWrite1h, audioInput }.Max(),
            DearestOutput = Math.Max(output, audioOutput),
            PerSearch = tier.PerSearch.Length == 0 ? null : Rate(tier.PerSearch, $"{path}.per_search"),
        };
    }

    private static DailyWindow Compile(PriceWindow window, string path)
    {
        Require(TimeZoneInfo.TryFindSystemTimeZoneById(window.TimeZone, out var zone), $"{path}.time_zone", "is not a known IANA time zone");
        Require(window.Ranges.Count > 0, $"{path}.ranges", "is empty");
        var mask = window.Days.Count == 0 ? ~0 : 0;
        for (var i = 0; i < window.Days.Count; i++)
        {
            Require(window.Days[i] is >= 1 and <= 7, $"{path}.days[{i}]", "is not 1 (Monday) to 7 (Sunday)");
            mask |= 1 << window.Days[i];
        }

        var ranges = new (int From, int To)[window.Ranges.Count];
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = (window.Ranges[i].FromMinute, window.Ranges[i].ToMinute);
            Require(ranges[i].From is >= 0 and < 1440, $"{path}.ranges[{i}].from_minute", "is not 0 to 1439");
            Require(ranges[i].To > ranges[i].From && ranges[i].To <= 1440, $"{path}.ranges[{i}].to_minute", "is not after from_minute and at most 1440");
        }

        return new DailyWindow(zone!, mask, ranges);
    }

    private static decimal Rate(string text, string member, decimal? whenEmpty = null)
    {
        if (text.Length == 0) return whenEmpty ?? throw new InvalidPriceException(member, "is missing");
        try
        {
            var rate = ExactDecimal.Parse(text, MostRateDigits);
            Require(rate >= 0m, member, "is negative");
            return rate;
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            throw new InvalidPriceException(member, "is not a decimal number of at most 9 digits after the point");
        }
    }

    private static void Require(bool holds, string member, string reason)
    {
        if (!holds) throw new InvalidPriceException(member, reason);
    }
}
