using Orchestration.Console.Requests;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Tests.Requests;

public sealed class RequestTextTests
{
    private readonly Usage _usage = new() { InputTokens = 10, OutputTokens = 20, CacheReadTokens = 0 };

    [Fact]
    public void Classes_that_were_not_used_have_no_line() =>
        RequestText.Lines(_usage, null).Select(line => (line.Name, line.Amount)).ShouldBe([("input", 10L), ("output", 20L)]);

    [Fact]
    public void Price_is_told_where_one_tier_says_it()
    {
        var price = new PriceRecord { Currency = "USD", Tiers = { new PriceTier { Input = "2", Output = "8" } } };

        RequestText.Lines(_usage, price).Select(line => line.Price).ShouldBe(["2 USD", "8 USD"]);
    }

    [Fact]
    public void Price_of_several_tiers_is_not_guessed_at()
    {
        var price = new PriceRecord { Currency = "USD", Tiers = { new PriceTier { Input = "2" }, new PriceTier { Input = "4" } } };

        RequestText.Lines(_usage, price).ShouldAllBe(line => line.Price == "–");
    }

    [Theory]
    [InlineData("hit", "exact cache")]
    [InlineData("semantic_hit", "semantic cache")]
    [InlineData("miss", "openai/gpt-4.1")]
    [InlineData("bypass", "openai/gpt-4.1")]
    public void Cache_answered_only_when_it_was_hit(string cache, string expected) =>
        RequestText.Answerer(new RequestRecord { Cache = cache, Provider = "openai", Model = "gpt-4.1" }).ShouldBe(expected);
}
