using Orchestration.Contracts.Pricing.V1;
using static Orchestration.Pricing.Tests.PriceSamples;

namespace Orchestration.Pricing.Tests;

public sealed class WorstCaseTests
{
    [Theory]
    [InlineData(1_000, 100, 3 * 1_000 + 14 * 100)]
    [InlineData(32_000, 1_000, 3 * 32_000 + 14 * 1_000)]
    [InlineData(32_001, 1_000, 4 * 32_001 + 16 * 1_000)]
    public void Only_tiers_that_can_hold_are_considered(long input, long output, long expectedMillionths) =>
        OutputTiered().WorstCase(input, output).ShouldBe(new Money(expectedMillionths / 1_000_000m, "CNY"));

    [Fact]
    public void The_peak_price_is_assumed_at_any_time_of_day() =>
        Windowed("Asia/Shanghai").WorstCase(1_000_000, 1_000_000).Amount.ShouldBe(6m);

    [Fact]
    public void Tokens_are_assumed_in_their_dearest_class() =>
        Price("USD", new PriceTier { Input = "5", Output = "25", CacheWrite1H = "10", AudioOutput = "64" })
            .WorstCase(1_000_000, 1_000_000).Amount.ShouldBe(74m);

    [Fact]
    public void Searches_are_part_of_it() =>
        Price("USD", new PriceTier { Input = "0", Output = "0", PerSearch = "0.002" }).WorstCase(500, 0, searchUnits: 3).Amount.ShouldBe(0.006m);
}
