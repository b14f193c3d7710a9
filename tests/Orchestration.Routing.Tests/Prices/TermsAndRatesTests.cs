using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Prices;
using Orchestration.Routing.Tests.Policy;
using Orchestration.Routing.Tests.Tables;
using static Orchestration.Routing.Tests.Prices.PriceSamples;

namespace Orchestration.Routing.Tests.Prices;

public sealed class TermsAndRatesTests
{
    [Theory]
    [InlineData("7.1", 0)]
    [InlineData("6.9", 0)]
    [InlineData("7.4", 2)]
    [InlineData("0.71", 2)]
    public void A_rate_that_jumps_or_does_not_meet_its_way_back_is_told(string rate, int warnings)
    {
        var report = PlanRates([], Rate("USD", "CNY", rate, Now)).Report;

        report.Problems.ShouldBeEmpty();
        report.Warnings.Count.ShouldBe(warnings);
    }

    [Theory]
    [InlineData("USD", "USD", "1", "rates[0]")]
    [InlineData("USD", "CNY", "0", "rates[0].rate")]
    [InlineData("USD", "CNY", "7,1", "rates[0].rate")]
    [InlineData("CNY", "USD", "0.1400001", "rates[0].rate")]
    [InlineData("usd", "CNY", "7", "rates[0].from_currency")]
    public void A_rate_that_cannot_be_calculated_with_is_refused(string from, string to, string rate, string path) =>
        PlanRates([], Rate(from, to, rate, Now)).Report.Problems.ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void The_newest_rate_that_has_begun_counts_and_the_policys_where_none_is_stored()
    {
        var terms = new CommercialTerms { Rates = [new("USD", "CNY", "7.1", Now.AddDays(-1)), new("USD", "CNY", "7.2", Now.AddDays(1)), new("USD", "CNY", "7.05", Now.AddDays(-9))] };

        terms.RatesAt(Now, PolicySamples.Checked().Rates).Select(r => (r.FromCurrency, r.Rate)).ShouldBe([("USD", "7.1")]);
        terms.RatesAt(Now.AddDays(2), TableSamples.ShippedPolicy.Rates).Select(r => (r.FromCurrency, r.Rate)).ShouldBe([("CNY", "0.143"), ("USD", "7.2")]);
        terms.NextChange(Now).ShouldBe(Now.AddDays(1));
    }

    [Fact]
    public void Terms_of_a_model_come_before_those_of_a_provider_and_only_what_holds_is_in_the_table()
    {
        var terms = new CommercialTerms
        {
            Terms =
            [
                Own("acme", "", "", "5"), Own("acme", "openai", "", "10"), Own("acme", "openai", "gpt-4.1", "20"),
                Own("acme", "deepseek", "", "30") with { EffectiveFrom = Now.AddDays(1) },
            ],
        };

        var inputs = new Routing.Tables.RoutingInputs(TableSamples.ShippedPolicy, "1", PolicySamples.Catalogue, TableSamples.Vendors(), TableSamples.Simulator) { Terms = terms };
        var table = Routing.Tables.RouteTableBuilder.Build(inputs, Now).Table;

        table.TenantTerms.Select(t => t.Billing.MarginPercent).ShouldBe(["20", "10", "5"]);
        Routing.Tables.RouteTableBuilder.Build(inputs with { Terms = CommercialTerms.None }, Now).Table.Version.ShouldNotBe(table.Version);
    }

    [Fact]
    public void A_margin_is_planned_and_ends_the_one_before()
    {
        var stored = new CommercialTerms { Terms = [Own("acme", "openai", "", "10")] };

        var plan = PlanTerms(stored, Margin("acme", "openai", "", "12.5", December));

        plan.MayApply.ShouldBeTrue();
        plan.Rows.Select(r => (r.Name, r.Version)).ShouldBe([("acme:openai/*@2026-12-01T00:00:00Z", 1), ("acme:openai/*@always", 2)]);
        plan.Report.Differences.Select(d => (d.Kind, d.Member)).ShouldBe([("added", "effective_from"), ("added", "margin_percent"), ("ended", "effective_to")]);
    }

    [Theory]
    [InlineData("-10", "below_cost")]
    [InlineData("250", "high_margin")]
    public void A_margin_that_looks_wrong_is_told(string percent, string code) =>
        PlanTerms(CommercialTerms.None, Margin("acme", "openai", "", percent, December)).Report.Codes().ShouldBe([code]);

    [Theory]
    [InlineData("1", "4", "below_cost")]
    [InlineData("30", "60", "factor_to_cost")]
    public void An_own_price_is_compared_with_what_the_provider_charges(string input, string output, string code)
    {
        var request = Margin("acme", "openai", "gpt-4.1", "", December);
        request.Terms.Billing = new BillingTerms { Price = new PriceRecord { Currency = "USD", Tiers = { new PriceTier { Input = input, Output = output } } } };

        PlanTerms(CommercialTerms.None, request).Report.Codes().ShouldBe([code]);
    }

    [Fact]
    public void An_own_price_may_not_give_searches_away_that_the_provider_charges_for()
    {
        var sold = PolicySamples.Catalogue.Models.First(m => m.Prices.Any(p => p.Tiers.Any(t => t.PerSearch is { Length: > 0 })));
        var request = Margin("acme", sold.Provider, sold.Key[(sold.Provider.Length + 1)..], "", December);
        request.Terms.Billing = new BillingTerms { Price = new PriceRecord { Currency = "USD", Tiers = { new PriceTier { Input = "1", Output = "1" } } } };

        PlanTerms(CommercialTerms.None, request).Report.Problems.ShouldHaveSingleItem().Path.ShouldBe("terms.billing.price.tiers.per_search");

        request.Terms.Billing.Price.Tiers[0].PerSearch = "0.01";
        PlanTerms(CommercialTerms.None, request).Report.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "openai", "", "5", "terms.tenant_id")]
    [InlineData("acme", "nobody", "", "5", "terms.provider")]
    [InlineData("acme", "openai", "gpt-99", "5", "terms.model")]
    [InlineData("acme", "openai", "", "five", "terms.billing.margin_percent")]
    [InlineData("acme", "openai", "", "", "terms.billing")]
    public void Terms_that_cannot_be_are_refused(string tenant, string provider, string model, string percent, string path) =>
        PlanTerms(CommercialTerms.None, Margin(tenant, provider, model, percent, December)).Report.Problems.ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void A_deployment_without_a_price_is_listed_and_one_whose_price_ends_is_foretold()
    {
        var catalogue = Routing.Catalogue.ModelCatalogue.From(PolicySamples.Catalogue.ToFiles().Select(f => f with
        {
            Models = [.. f.Models.Select(m => m.Key != "openai/gpt-4.1" ? m : m with { Prices = [.. m.Prices.Select(p => p with { EffectiveTo = December })] })],
        }));
        var inputs = new Routing.Tables.RoutingInputs(TableSamples.ShippedPolicy, "1", catalogue, TableSamples.Vendors(), TableSamples.Simulator);

        var listed = UnpricedListing.List(Routing.Tables.RouteTableBuilder.Build(inputs, Now), Now.AddDays(30));
        listed.Ending.ShouldHaveSingleItem().Model.ShouldBe("gpt-4.1");
        listed.Ending[0].Since.ToDateTimeOffset().ShouldBe(December);
        listed.Unpriced.ShouldContain(u => u.Model == "glm-5.3");

        var later = Routing.Tables.RouteTableBuilder.Build(inputs, December);
        later.Table.Unpriced.ShouldContain(u => u.Model == "gpt-4.1");
        later.Table.Models.ShouldNotContain(m => m.Id == "openai/gpt-4.1");
    }

    private static OwnTerms Own(string tenant, string provider, string model, string percent) => new() { TenantId = tenant, Provider = provider, Model = model, MarginPercent = percent };

    private static SetTenantTermsRequest Margin(string tenant, string provider, string model, string percent, DateTimeOffset from) => new()
    {
        Terms = new TenantTerms { TenantId = tenant, Provider = provider, Model = model, Billing = new BillingTerms { MarginPercent = percent } },
        EffectiveFrom = Timestamp.FromDateTimeOffset(from),
        Source = "test",
    };

    private static ExchangeRate Rate(string from, string to, string rate, DateTimeOffset at) => new() { FromCurrency = from, ToCurrency = to, Rate = rate, AsOf = Timestamp.FromDateTimeOffset(at) };

    private static PlannedChange<ExchangeRateRow> PlanRates(DatedRate[] stored, params ExchangeRate[] rates) =>
        new RatePlanner(new CommercialTerms { Rates = stored }, TableSamples.ShippedPolicy.Rates, PolicySamples.Catalogue).Plan(rates, [], "test", Now);

    private static PlannedChange<TenantTermsRow> PlanTerms(CommercialTerms stored, SetTenantTermsRequest request) =>
        new TermsPlanner(stored, stored.Terms.ToDictionary(t => t.Name, _ => 1), PolicySamples.Catalogue, Dollars).Plan(request, Now);
}
