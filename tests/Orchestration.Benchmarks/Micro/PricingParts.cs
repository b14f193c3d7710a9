using Orchestration.Contracts.Pricing.V1;
using Orchestration.Pricing;

namespace Orchestration.Benchmarks.Micro;

/// <summary>Prices with tiers by length, as the dearer Chinese models have them.</summary>
internal static class PricingParts
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Func<MicroFigure>> All()
    {
        var record = new PriceRecord
        {
            PriceId = "benchmark", Model = "benchmark", Currency = "CNY", Region = "cn",
            Tiers =
            {
                new PriceTier { InputTokensLte = 32_000, OutputTokensLte = 200, Input = "2", Output = "8", CacheRead = "0.4" },
                new PriceTier { InputTokensLte = 32_000, Input = "3", Output = "14", CacheRead = "0.6" },
                new PriceTier { Input = "4", Output = "16", CacheRead = "0.8" },
            },
        };
        var price = Price.Parse(record);
        var usage = new Usage { InputTokens = 1200, CacheReadTokens = 640, OutputTokens = 350, ReasoningTokens = 120 };
        yield return () => MicroLoop.Run("price: cost of a usage", 1, () => price.CostOf(usage, Monday, false));
        yield return () => MicroLoop.Run("price: worst case", 1, () => price.WorstCase(1840, 4096));
        yield return () => MicroLoop.Run("price: parse a record", 1, () => Price.Parse(record));
    }
}
