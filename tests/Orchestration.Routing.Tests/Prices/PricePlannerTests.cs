using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Prices;
using Orchestration.Routing.Tests.Policy;
using static Orchestration.Routing.Tests.Prices.PriceSamples;

namespace Orchestration.Routing.Tests.Prices;

public sealed class PricePlannerTests
{
    private const string Model = "openai/gpt-4.1";

    [Fact]
    public void Nothing_changes_when_the_shipped_prices_are_imported_again()
    {
        var prices = PolicySamples.Catalogue.Models.SelectMany(m => m.Prices.Select(p => Proposed(m.Key, p))).ToList();

        var plan = Plan(prices);

        plan.Report.Problems.ShouldBeEmpty();
        plan.Report.Differences.ShouldBeEmpty();
        plan.Report.Unchanged.ShouldBe(prices.Count);
        plan.Rows.ShouldBeEmpty();
    }

    [Fact]
    public void A_later_price_ends_the_one_before_and_nothing_else()
    {
        var plan = Plan([Scaled(Model, 0.9m, 0.9m)]);

        plan.Report.Problems.ShouldBeEmpty();
        plan.Report.Warnings.ShouldBeEmpty();
        plan.MayApply.ShouldBeTrue();
        plan.Report.Differences.Select(d => (d.Kind, d.Member)).ShouldBe([("added", ""), ("ended", "effective_to")]);
        plan.Rows.Select(r => (r.Version, r.EffectiveFrom, r.EffectiveTo)).ShouldBe([(1, December, null), (2, Standing(Model).EffectiveFrom, December)], ignoreOrder: true);
        plan.Rows.ShouldAllBe(r => r.Source == "test" && r.CreatedAt == Now);
    }

    [Fact]
    public void An_earlier_price_ends_where_the_next_one_begins()
    {
        var (first, second) = (Scaled(Model, 0.9m, 0.9m), Scaled(Model, 0.8m, 0.8m));
        second = second with { Price = second.Price with { EffectiveFrom = December.AddDays(7) } };

        var plan = Plan([second, first]);

        plan.Report.Problems.ShouldBeEmpty();
        plan.Rows.Select(r => (r.EffectiveFrom, r.EffectiveTo)).ShouldBe(
            [(Standing(Model).EffectiveFrom, December), (December, December.AddDays(7)), (December.AddDays(7), null)], ignoreOrder: true);
    }

    [Fact]
    public void A_correction_tells_every_member_and_is_the_next_version()
    {
        var standing = Standing(Model);
        var corrected = standing with { Tiers = [standing.Tiers[0] with { Output = "7.5", CacheRead = "0.25" }, .. standing.Tiers.Skip(1)] };

        var plan = Plan([Proposed(Model, corrected)]);

        plan.Report.Differences.Select(d => (d.Kind, d.Member, d.After)).ShouldContain(("corrected", "tiers[0].output", "7.5"));
        plan.Rows.ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(0.1)]
    [InlineData(0.001)]
    public void A_slip_of_the_unit_is_refused_for_what_was_charged_before(double factor)
    {
        var plan = Plan([Scaled(Model, (decimal)factor, (decimal)factor)]);

        plan.MayApply.ShouldBeFalse();
        plan.Report.Codes().ShouldContain("factor_to_history");
        plan.Report.Warnings.ShouldContain(w => w.Message.Contains("times the price before", StringComparison.Ordinal));
    }

    [Fact]
    public void A_warning_is_accepted_by_its_name_only()
    {
        var price = Scaled("mistral/mistral-large-2512", 10m, 10m);
        var ids = Plan([price]).Report.Warnings.Select(w => w.Id).Distinct().ToArray();
        ids.ShouldNotBeEmpty();

        Plan([price], ids[1..]).MayApply.ShouldBeFalse();
        Plan([price], ["factor_to_history"]).MayApply.ShouldBeFalse();
        Plan([price], ids).MayApply.ShouldBeTrue();
    }

    [Fact]
    public void A_yuan_price_in_the_dollar_column_does_not_fit_the_price_in_yuan()
    {
        var (dollars, yuan) = (Standing("zhipu/glm-4.6"), Standing("zhipu/glm-4.6", "CNY"));
        var slipped = yuan with { Currency = dollars.Currency, Region = dollars.Region, EffectiveFrom = December, Tiers = [.. yuan.Tiers.Select(t => t with { Input = t.Input + "0", Output = t.Output + "0" })] };

        Plan([Proposed("zhipu/glm-4.6", slipped)]).Report.Codes().ShouldContain("factor_to_other_region");
    }

    [Theory]
    [InlineData("8", "2", null, "output_below_input")]
    [InlineData("2", "80", null, "output_far_above_input")]
    [InlineData("2", "8", "2.5", "cache_read_above_input")]
    [InlineData("2", "8", "0.0005", "cache_read_far_below_input")]
    [InlineData("0", "0", null, "zero_price")]
    public void Rates_that_do_not_fit_each_other_are_told(string input, string output, string? cacheRead, string code)
    {
        var price = Standing(Model) with { EffectiveFrom = December, Tiers = [new CatalogueTier { Input = input, Output = output, CacheRead = cacheRead }] };

        Plan([Proposed(Model, price)]).Report.Codes().ShouldContain(code);
    }

    // Per thousand instead of per million, in the tier of long prompts only.
    [Fact]
    public void A_slip_of_the_unit_in_a_tier_that_the_price_before_lacks_is_told()
    {
        var tier = new CatalogueTier { Input = "2", Output = "8", CacheRead = "0.5" };
        var price = Standing(Model) with { EffectiveFrom = December, Tiers = [tier with { InputTokensLte = 200_000 }, tier with { Input = "0.004", Output = "0.012", CacheRead = "0.001" }] };

        Plan([Proposed(Model, price)]).Report.Codes().ShouldBe(["factor_to_base_tier"]);
    }

    [Fact]
    public void A_slip_in_the_rate_of_audio_is_told()
    {
        var tier = new CatalogueTier { Input = "2", Output = "8", AudioInput = "10", AudioOutput = "20" };
        var spoken = Standing(Model) with { EffectiveFrom = December, Tiers = [tier] };
        var slipped = spoken with { EffectiveFrom = December.AddDays(1), Tiers = [tier with { AudioInput = "0.01", AudioOutput = "0.02" }] };

        Plan([Proposed(Model, spoken), Proposed(Model, slipped)]).Report.Warnings.Select(warning => warning.Id.Split(':')[0]).ShouldBe(["factor_to_history", "factor_to_history"]);
    }

    [Fact]
    public void A_price_far_from_what_the_vendor_sells_otherwise_is_told()
    {
        var dearest = PolicySamples.Catalogue.Models.Where(m => m.Provider == "openai" && m.Mode == "chat").SelectMany(m => m.Prices).Where(p => p.Tiers.Count > 0).Max(p => decimal.Parse(PlausibilityChecks.BaseOf(p).Input, System.Globalization.CultureInfo.InvariantCulture));
        var price = Standing(Model) with { EffectiveFrom = December, Tiers = [new CatalogueTier { Input = $"{dearest * 41:0.###}", Output = $"{dearest * 42:0.###}" }] };

        Plan([Proposed(Model, price)]).Report.Codes().ShouldContain("factor_to_siblings");
    }

    [Fact]
    public void An_anchor_holds_on_its_day()
    {
        var standing = Standing(Model);
        var plan = Plan([Proposed(Model, standing with { Tiers = [.. standing.Tiers.SkipLast(1), standing.Tiers[^1] with { Output = "8.1" }] })]);

        plan.Report.Codes().ShouldContain("anchor");
        plan.MayApply.ShouldBeFalse();
    }

    [Fact]
    public void A_price_without_successor_is_told_before_its_model_falls_silent() =>
        Plan([Proposed(Model, Standing(Model) with { EffectiveTo = December })]).Report.Codes().ShouldBe(["ends_without_successor"]);

    [Fact]
    public void Mistakes_are_told_with_their_place_and_nothing_is_planned()
    {
        var wrong = Standing(Model) with { EffectiveFrom = December, Tiers = [new CatalogueTier { Input = "two", Output = "8" }] };
        var plan = Plan([Proposed(Model, wrong) with { Path = "models[3].prices[1]" }, new ProposedPrice("line 9", "openai", "gpt-99", Standing(Model))]);
        plan.Report.Problems.ShouldHaveSingleItem().Path.ShouldBe("line 9");

        var parsed = Plan([Proposed(Model, wrong) with { Path = "models[3].prices[1]" }]);
        parsed.Report.Problems.ShouldHaveSingleItem().Path.ShouldBe("models[3].prices[1].tiers[0].input");
        parsed.MayApply.ShouldBeFalse();
    }

    [Fact]
    public void Prices_that_hold_at_the_same_time_are_refused()
    {
        var standing = Standing(Model);
        var inside = standing with { EffectiveFrom = December, EffectiveTo = December.AddDays(10) };
        var across = standing with { EffectiveFrom = December.AddDays(5), EffectiveTo = December.AddDays(15) };

        Plan([Proposed(Model, inside), Proposed(Model, across)]).Report.Problems.ShouldNotBeEmpty();
        Plan([Proposed(Model, inside), Proposed(Model, inside)]).Report.Problems.ShouldHaveSingleItem().Message.ShouldContain("twice");
    }

    [Fact]
    public void A_catalogue_that_the_policy_cannot_stand_beside_is_refused() =>
        Planner(PolicySamples.Catalogue, "no").Plan([Scaled(Model, 0.9m, 0.9m)], [], "test", Now).Report.Problems.ShouldHaveSingleItem().Message.ShouldBe("no");

    [Fact]
    public void A_withdrawn_price_gives_way_to_the_one_before()
    {
        var price = Scaled(Model, 0.9m, 0.9m).Price;
        var catalogue = ModelCatalogue.From(PolicySamples.Catalogue.ToFiles().Select(f => f with
        {
            Models = [.. f.Models.Select(m => m.Key != Model ? m : m with { Prices = [.. m.Prices.Select(p => p == Standing(Model) ? p with { EffectiveTo = December } : p), price] })],
        }));

        var plan = Planner(catalogue).Withdraw(new ModelPrice(catalogue.Find(Model)!, price), "test", Now);

        plan.Report.Differences.Select(d => d.Kind).ShouldBe(["withdrawn", "reopened"]);
        plan.Rows.Select(r => (r.Withdrawn, r.EffectiveTo, r.Version)).ShouldBe([(true, null, 2), (false, null, 2)]);
    }
}
