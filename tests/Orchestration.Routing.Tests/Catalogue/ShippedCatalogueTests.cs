using System.Globalization;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Routing.Catalogue;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Routing.Tests.Catalogue;

public sealed class ShippedCatalogueTests
{
    private static readonly ModelCatalogue Shipped = CatalogueReader.ReadShipped();

    [Fact]
    public void Every_model_of_the_list_is_there()
    {
        Shipped.Models.Count.ShouldBe(119);
        Shipped.Models.Select(m => m.Provider).Distinct().Count().ShouldBe(21);
    }

    [Theory]
    [InlineData("openai/gpt-4.1", "intl", "2026-11-22", "USD", "8")]
    [InlineData("anthropic/claude-sonnet-4-5", "intl", "2026-11-22", "USD", "15")]
    [InlineData("deepseek/deepseek-chat", "intl", "2025-12-01", "USD", "0.42")]
    [InlineData("deepseek/deepseek-chat", "cn", "2025-12-01", "CNY", "3")]
    [InlineData("deepseek/deepseek-chat", "intl", "2026-05-01", "USD", "0.28")]
    [InlineData("moonshot/kimi-k3", "intl", "2026-11-22", "USD", "15")]
    [InlineData("moonshot/kimi-k3", "cn", "2026-11-22", "CNY", "100")]
    [InlineData("deepseek/deepseek-flash", "intl", "2026-11-22", "CNY", "4")]
    public void A_million_output_tokens_cost_the_list_price_of_the_day(string model, string region, string day, string currency, string expected)
    {
        var at = Day(day);
        var offer = Shipped.PriceFor(Shipped.Find(model)!, region, at).ShouldNotBeNull();

        offer.Price.CostOf(new Usage { OutputTokens = 1_000_000 }, at, thinking: false).Total.ShouldBe(Money.Parse(expected, currency));
    }

    [Fact]
    public void A_retired_model_has_no_price_any_more() =>
        Shipped.PriceFor(Shipped.Find("deepseek/deepseek-chat")!, "cn", Day("2026-07-24")).ShouldBeNull();

    [Fact]
    public void A_price_of_the_other_region_is_never_taken() =>
        Shipped.PriceFor(Shipped.Find("baidu/ernie-4.5-turbo-128k")!, "intl", Day("2026-11-22")).ShouldBeNull();

    [Theory]
    [InlineData("2026-11-23T01:00:00Z", "8")]
    [InlineData("2026-11-23T04:00:00Z", "4")]
    [InlineData("2026-11-22T01:00:00Z", "4")]
    public void Deepseek_is_dearer_in_the_business_hours_of_Beijing(string instant, string expected)
    {
        var at = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        var offer = Shipped.PriceFor(Shipped.Find("deepseek/deepseek-flash")!, "cn", at)!;

        offer.Price.CostOf(new Usage { OutputTokens = 1_000_000 }, at, thinking: true).Total.ShouldBe(Money.Parse(expected, "CNY"));
    }

    [Theory]
    [InlineData("deepseek/deepseek-chat", "deepseek/deepseek-flash")]
    [InlineData("deepseek/deepseek-reasoner", "deepseek/deepseek-flash")]
    [InlineData("deepseek/deepseek-v4-flash", "deepseek/deepseek-flash")]
    [InlineData("moonshot/moonshot-v1-128k", "moonshot/kimi-k2.6")]
    [InlineData("moonshot/kimi-k2-thinking", "moonshot/kimi-k2.6")]
    [InlineData("openai/gpt-4.1", "openai/gpt-4.1")]
    public void Retired_and_redirected_models_name_who_answers(string model, string answers) =>
        Shipped.Served(Shipped.Find(model)!)!.Key.ShouldBe(answers);

    [Fact]
    public void No_model_that_is_gone_lacks_a_successor() =>
        Shipped.Models.Where(m => Shipped.Served(m) is null).ShouldBeEmpty();

    [Fact]
    public void Only_the_models_that_are_known_to_lack_a_price_have_none() =>
        Shipped.Models.Where(m => m.IsServed && !Shipped.PricesAt(m, Day("2026-11-22")).Any()).Select(m => m.Key)
            .ShouldBe(["baidu/ernie-5.1", "iflytek/4.0Ultra", "zhipu/glm-5.3"]);

    [Fact]
    public void The_next_price_change_is_the_next_bound_of_any_price()
    {
        Shipped.NextPriceChange(Day("2025-12-01")).ShouldBe(Day("2026-04-24"));
        Shipped.NextPriceChange(Day("2026-04-24")).ShouldBe(Day("2026-07-24"));
        Shipped.NextPriceChange(Day("2026-07-24")).ShouldBeNull();
    }

    private static DateTimeOffset Day(string day) => DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
