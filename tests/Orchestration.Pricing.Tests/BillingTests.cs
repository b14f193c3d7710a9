using Orchestration.Contracts.Pricing.V1;
using static Orchestration.Pricing.Tests.PriceSamples;

namespace Orchestration.Pricing.Tests;

public sealed class BillingTests
{
    private static readonly Usage Used = new() { InputTokens = 1_000, CacheReadTokens = 500, OutputTokens = 2_000 };
    private static readonly ExchangeRate ToYuan = new() { FromCurrency = "USD", ToCurrency = "CNY", Rate = "7.1234" };

    [Fact]
    public void Without_terms_the_tenant_pays_the_cost_at_the_rate()
    {
        var charge = Charge(null);

        charge.Cost.ShouldBe(Money.Parse("0.0094", "USD"));
        charge.Billed.ShouldBe(Money.Parse("0.06695996", "CNY"));
    }

    [Theory]
    [InlineData("0", "0.06695996")]
    [InlineData("20", "0.080351952")]
    [InlineData("12.5", "0.075329955")]
    [InlineData("-50", "0.03347998")]
    [InlineData("0.0001", "0.06696002695996")]
    public void A_margin_is_percent_on_top_of_the_cost_and_leaves_the_cost_alone(string percent, string billed)
    {
        var charge = Charge(new BillingTerms { TermsId = "t", MarginPercent = percent });

        charge.Cost.ShouldBe(Money.Parse("0.0094", "USD"));
        charge.Billed.ShouldBe(Money.Parse(billed, "CNY"));
    }

    [Fact]
    public void An_own_price_is_what_the_tenant_pays_whatever_the_provider_charges()
    {
        var own = new BillingTerms
        {
            TermsId = "t",
            Price = Record("CNY", Tier("10", "30")),
            Rate = new ExchangeRate { FromCurrency = "CNY", ToCurrency = "CNY", Rate = "1" },
        };

        var charge = Charge(own);

        charge.Cost.ShouldBe(Money.Parse("0.0094", "USD"));
        charge.Billed.ShouldBe(Money.Parse("0.075", "CNY"));
    }

    [Fact]
    public void What_has_more_digits_than_the_ledger_is_rounded_up_once()
    {
        var price = Price("USD", new PriceTier { Input = "0.123456789", Output = "0" });
        price.ChargeOf(new Usage { InputTokens = 1 }, Noon, thinking: false, "", ToYuan).Billed.Amount.ShouldBe(0.000000879432091m);
    }

    [Fact]
    public void The_worst_case_is_billed_by_the_same_terms()
    {
        var record = Record("USD", Tier("2", "4"));
        record.Billing = new BillingTerms { TermsId = "t", MarginPercent = "50" };

        Pricing.Price.Parse(record).WorstBilled(1_000_000, 1_000_000, 0, ToYuan).ShouldBe(Money.Parse("64.1106", "CNY"));
    }

    [Theory]
    [InlineData("-100")]
    [InlineData("10000.1")]
    [InlineData("1.00001")]
    [InlineData("ten")]
    public void A_margin_out_of_bounds_is_no_margin(string percent) =>
        Should.Throw<InvalidPriceException>(() => Charge(new BillingTerms { MarginPercent = percent })).Member.ShouldBe("billing.margin_percent");

    [Fact]
    public void Terms_say_one_thing_only()
    {
        Should.Throw<InvalidPriceException>(() => Charge(new BillingTerms())).Member.ShouldBe("billing");
        Should.Throw<InvalidPriceException>(() => Charge(new BillingTerms { MarginPercent = "1", Price = Record("CNY", Tier("1", "1")) })).Member.ShouldBe("billing");
        Should.Throw<InvalidPriceException>(() => Charge(new BillingTerms { Price = Record("CNY", Tier("1", "x")) })).Member.ShouldBe("billing.price.tiers[0].output");
    }

    [Fact]
    public void An_own_price_without_a_rate_is_never_billed() =>
        Should.Throw<InvalidOperationException>(() => Charge(new BillingTerms { Price = Record("CNY", Tier("1", "1")) }));

    [Fact]
    public void A_class_without_a_rate_is_charged_as_the_worst_case_and_never_called_priced()
    {
        var charge = Price("USD", Tier("2", "4")).ChargeOf(
            new Usage { InputTokens = 1_000_000, SearchUnits = 1 }, Noon, thinking: false, "", new ExchangeRate { FromCurrency = "USD", ToCurrency = "USD", Rate = "1" });

        charge.ShouldBe(new Charge(Money.Parse("2", "USD"), Money.Parse("2", "USD"), IsPriced: false));
    }

    private static Charge Charge(BillingTerms? terms)
    {
        var record = Record("USD", new PriceTier { Input = "1", Output = "4", CacheRead = "0.8" });
        record.Billing = terms;
        return Pricing.Price.Parse(record).ChargeOf(Used, Noon, thinking: false, "", ToYuan);
    }
}
