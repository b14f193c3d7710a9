using Orchestration.Contracts.Pricing.V1;
using static Orchestration.Pricing.Tests.PriceSamples;

namespace Orchestration.Pricing.Tests;

public sealed class CostTests
{
    [Theory]
    [InlineData("2", "8", "8")]
    [InlineData("3", "15", "15")]
    [InlineData("0.28", "0.42", "0.42")]
    public void A_million_output_tokens_cost_the_anchor_price(string input, string output, string expected) =>
        Price("USD", Tier(input, output)).CostOf(new Usage { OutputTokens = 1_000_000 }, Noon, thinking: false)
            .Total.ShouldBe(Money.Parse(expected, "USD"));

    [Fact]
    public void Every_class_has_its_line_at_its_rate()
    {
        var price = Price("USD", new PriceTier
        {
            Input = "5", Output = "25", CacheRead = "0.5", CacheWrite = "6.25", CacheWrite1H = "10", AudioInput = "32", AudioOutput = "64", PerSearch = "0.002",
        });
        var usage = new Usage
        {
            InputTokens = 1, CacheReadTokens = 2, CacheWriteTokens = 3, CacheWrite1HTokens = 4, AudioInputTokens = 5,
            OutputTokens = 6, ReasoningTokens = 7, AudioOutputTokens = 8, SearchUnits = 9,
        };

        var cost = price.CostOf(usage, Noon, thinking: false);

        cost.Lines.Select(l => (l.TokenClass, l.Tokens, l.Rate)).ShouldBe([
            (TokenClass.Input, 1, 5m), (TokenClass.CacheRead, 2, 0.5m), (TokenClass.CacheWrite, 3, 6.25m),
            (TokenClass.CacheWrite1h, 4, 10m), (TokenClass.AudioInput, 5, 32m), (TokenClass.Output, 6, 25m),
            (TokenClass.Reasoning, 7, 25m), (TokenClass.AudioOutput, 8, 64m), (TokenClass.Search, 9, 0.002m),
        ]);
        cost.Total.ShouldBe(Money.Parse("0.01906175", "USD"));
    }

    [Fact]
    public void Missing_rates_fall_back_as_the_contract_says()
    {
        var usage = new Usage { CacheReadTokens = 1, CacheWriteTokens = 10, CacheWrite1HTokens = 100, AudioInputTokens = 1000, AudioOutputTokens = 10000 };

        Price("USD", Tier("2", "3")).Total(usage).ShouldBe((1111 * 2 + 10000 * 3) / 1_000_000m);
        Price("USD", new PriceTier { Input = "2", Output = "3", CacheWrite = "5" }).Total(usage)
            .ShouldBe((1 * 2 + 110 * 5 + 1000 * 2 + 10000 * 3) / 1_000_000m);
    }

    [Theory]
    [InlineData(32_000, 200, 0)]
    [InlineData(32_000, 201, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 201, 1)]
    [InlineData(32_001, 200, 2)]
    [InlineData(32_001, 201, 2)]
    public void Tier_bounds_belong_to_the_tier_below(long input, long output, int tier) =>
        OutputTiered().CostOf(new Usage { InputTokens = input, OutputTokens = output }, Noon, thinking: false).TierIndex.ShouldBe(tier);

    [Fact]
    public void The_tier_prices_the_whole_request()
    {
        OutputTiered().Total(new Usage { InputTokens = 32_000, OutputTokens = 200 }).ShouldBe(0.0656m);
        OutputTiered().Total(new Usage { InputTokens = 32_001, OutputTokens = 200 }).ShouldBe(0.131204m);
    }

    [Fact]
    public void Cached_and_reasoning_tokens_count_towards_the_tier()
    {
        var price = OutputTiered();

        price.CostOf(new Usage { InputTokens = 1, CacheReadTokens = 32_000 }, Noon, thinking: false).TierIndex.ShouldBe(2);
        price.CostOf(new Usage { OutputTokens = 100, ReasoningTokens = 101 }, Noon, thinking: false).TierIndex.ShouldBe(1);
    }

    [Fact]
    public void Thinking_has_its_own_price()
    {
        var price = Price("CNY", new PriceTier { Thinking = true, Input = "0.8", Output = "8" }, Tier("0.8", "2"));
        var usage = new Usage { OutputTokens = 1_000_000 };

        price.Total(usage, thinking: true).ShouldBe(8m);
        price.Total(usage, thinking: false).ShouldBe(2m);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("flex", 5)]
    [InlineData("priority", 20)]
    [InlineData("scale", 10)]
    public void Service_tier_is_priced_and_an_unlisted_one_is_the_default(string serviceTier, decimal expected)
    {
        var price = Price(
            "USD",
            new PriceTier { ServiceTier = "flex", InputTokensLte = 1000, Input = "1", Output = "5" },
            new PriceTier { ServiceTier = "priority", Input = "4", Output = "20" },
            Tier("2", "10"));

        price.Total(new Usage { OutputTokens = 1_000_000 }, serviceTier: serviceTier).ShouldBe(expected);
        price.CostOf(new Usage { InputTokens = 1001 }, Noon, thinking: false, "flex").TierIndex.ShouldBe(2);
    }

    [Fact]
    public void Searches_of_a_model_that_sells_none_are_an_error() =>
        Should.Throw<InvalidPriceException>(() => Price("USD", Tier("1", "1")).Total(new Usage { SearchUnits = 1 })).Member.ShouldBe("per_search");

    [Fact]
    public void Negative_counts_are_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Price("USD", Tier("1", "1")).Total(new Usage { InputTokens = -1 }));

    [Fact]
    public void A_cost_beyond_exact_decimals_is_an_error() =>
        Should.Throw<OverflowException>(() => Price("USD", Tier("123456789.123456789", "1")).Total(new Usage { InputTokens = long.MaxValue }));
}
