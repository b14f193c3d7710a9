using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Quality;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Policy;

public sealed class ChoicePolicyTests
{
    private const string Split = "split: [{ percent: 99.5, chain: [deepseek/deepseek-flash] }, { percent: 0.5, chain: [moonshot/kimi-k2.6] }]";

    [Fact]
    public void A_chain_has_no_rules_of_choice() => Route(PolicySamples.Yaml).Choice.ShouldBeNull();

    [Fact]
    public void A_preference_is_a_set_of_weights()
    {
        var choice = Route(With("prefer: fast")).Choice;

        choice.Score.Prefer.ShouldBe("fast");
        choice.Score.Weights.Latency.ShouldBeGreaterThan(choice.Score.Weights.Economy);
        choice.Sticky.ShouldBeFalse();
    }

    [Fact]
    public void Weights_of_the_policy_are_taken_as_they_are()
    {
        var choice = Route(With("weights: { quality: 1.5, budget: 3 }\n    sticky: true")).Choice;

        choice.Score.Weights.ShouldBe(new ScoreWeights { Quality = 1.5, Budget = 3 });
        choice.Score.Prefer.ShouldBeEmpty();
        choice.Sticky.ShouldBeTrue();
    }

    [Fact]
    public void Arms_reach_the_table_and_their_deployments_are_the_chain()
    {
        var route = Route(PolicySamples.With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", Split));

        route.Choice.Split.Select(arm => (arm.BasisPoints, arm.Deployments.Single())).ShouldBe(
            [(9_950, "deepseek/deepseek-flash@simulated"), (50, "moonshot/kimi-k2.6@simulated")]);
        route.Chain.ShouldBe(["deepseek/deepseek-flash@simulated", "moonshot/kimi-k2.6@simulated"]);
    }

    [Fact]
    public void A_baseline_has_a_price_and_no_address()
    {
        var baseline = Route(With("baseline: openai/gpt-5.4")).Baseline;

        (baseline.Provider, baseline.Model, baseline.BaseUrl).ShouldBe(("openai", "gpt-5.4", ""));
        baseline.Price.Currency.ShouldBe("USD");
        Route(PolicySamples.Yaml).Baseline.ShouldBeNull();
    }

    [Fact]
    public void Scored_routes_without_candidates_of_their_own_share_the_pools()
    {
        const string Pools = "pools: { simple: [deepseek/deepseek-flash], moderate: [moonshot/kimi-k2.6], complex: [openai/gpt-5.4] }\nroutes:";
        var built = TableSamples.Sample(PolicySamples.Yaml.Replace("routes:", Pools, StringComparison.Ordinal)
            .Replace("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "prefer: best", StringComparison.Ordinal));

        built.Chain("plain", "complex").ShouldHaveSingleItem().Model.ShouldBe("gpt-5.4");
        built.Table.Routes["plain"].DefaultClass.ShouldBe("moderate");
    }

    [Fact]
    public void Shipped_routes_differ_in_weights_only()
    {
        var routes = TableSamples.Shipped().Table.Routes;

        foreach (var (name, prefer) in (ReadOnlySpan<(string, string)>)[("auto", "balanced"), ("auto:cheap", "cheap"), ("auto:fast", "fast"), ("auto:best", "best")])
        {
            routes[name].Choice.Score.Prefer.ShouldBe(prefer);
            routes[name].ClassChains["complex"].ShouldBe(routes["auto"].ClassChains["complex"]);
            routes[name].Baseline.Model.ShouldBe("gpt-5.4");
        }
    }

    [Fact]
    public void Every_model_of_the_shipped_pools_has_a_prior()
    {
        foreach (var reference in TableSamples.ShippedPolicy.Pools.Values.SelectMany(pool => pool))
            QualityPriors.Of(PolicySamples.Catalogue.Find(reference.Target)!, []).ShouldNotBeNull(reference.Target);
        foreach (var model in QualityPriors.ShippedModels)
            PolicySamples.Catalogue.Find(model).ShouldNotBeNull(model);
    }

    [Fact]
    public void The_policy_has_the_last_word_on_quality()
    {
        var yaml = PolicySamples.Yaml + "\nquality:\n  deepseek/deepseek-flash: { simple: 1, moderate: 0.5, complex: 0.25 }";

        TableSamples.Sample(yaml).Table.Deployments["deepseek/deepseek-flash@simulated"].Quality
            .ShouldBe(new QualityPrior { Simple = 1, Moderate = 0.5, Complex = 0.25, Source = "policy" });
    }

    [Theory]
    [InlineData("prefer: cheapest", "routes.plain.prefer")]
    [InlineData("weights: { quality: -1 }", "routes.plain.weights.quality")]
    [InlineData("weights: { colour: 1 }", "routes.plain.weights.colour")]
    [InlineData("weights: { quality: 0 }", "routes.plain.weights")]
    [InlineData("prefer: best\n    weights: { quality: 1 }", "routes.plain.weights")]
    [InlineData("baseline: openai/gpt-99", "routes.plain.baseline")]
    [InlineData("baseline: openai/text-embedding-3-small", "routes.plain.baseline")]
    [InlineData("baseline: zhipu/glm-5.3", "routes.plain.baseline")]
    [InlineData("sticky: perhaps", "routes.plain.sticky")]
    [InlineData(Split, "routes.plain.split")]
    public void Mistake_of_a_route_is_told_with_its_path(string member, string path) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(With(member))).Errors.ShouldContain(error => error.Path == path);

    [Theory]
    [InlineData("split: [{ percent: 60, chain: [deepseek/deepseek-flash] }, { percent: 30, chain: [moonshot/kimi-k2.6] }]", "routes.plain.split", "make 90 percent")]
    [InlineData("split: [{ percent: 50, chain: [deepseek/deepseek-flash] }]", "routes.plain.split", "at least two")]
    [InlineData("split: [{ percent: 99.999, chain: [deepseek/deepseek-flash] }, { percent: 1 }]", "routes.plain.split[0].percent", "from 0.01 to 99.99")]
    [InlineData("split: [{ percent: 33.333, chain: [deepseek/deepseek-flash] }, { percent: 1 }]", "routes.plain.split[0].percent", "two digits")]
    [InlineData("split: [{ percent: 99 }, { percent: 1, chain: [moonshot/kimi-k2.6] }]", "routes.plain.split[0].chain", "missing")]
    public void Mistake_of_a_split_is_told_with_its_path(string split, string path, string message) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(PolicySamples.With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", split)))
            .Errors.ShouldContain(error => error.Path == path && error.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Mistake_is_told_with_its_line()
    {
        var yaml = With("prefer: cheap\n    baseline: openai/gpt-99");
        var line = Array.FindIndex(yaml.Split('\n'), text => text.Contains("gpt-99", StringComparison.Ordinal)) + 1;

        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(yaml)).Errors.ShouldHaveSingleItem().Line.ShouldBe(line);
    }

    [Theory]
    [InlineData("quality: { openai/gpt-99: { simple: 1, moderate: 1, complex: 1 } }", "quality.openai/gpt-99")]
    [InlineData("quality: { openai/gpt-4.1: { simple: 1.1, moderate: 1, complex: 1 } }", "quality.openai/gpt-4.1.simple")]
    [InlineData("quality: { openai/gpt-4.1: { simple: 1, moderate: 1 } }", "quality.openai/gpt-4.1.complex")]
    [InlineData("pools: { simple: [deepseek/deepseek-flash] }", "pools")]
    [InlineData("pools: { simple: [nobody/nothing], moderate: [openai/gpt-4.1], complex: [openai/gpt-4.1] }", "pools.simple")]
    public void Mistake_of_the_policy_is_told_with_its_path(string member, string path) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(PolicySamples.Yaml + "\n" + member)).Errors.ShouldContain(error => error.Path == path);

    [Fact]
    public void Vectors_are_not_chosen_among() =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(PolicySamples.With("mode: embedding", "mode: embedding\n    prefer: cheap")))
            .Errors.ShouldContain(error => error.Path == "routes.vectors" && error.Message.Contains("only routes for chat", StringComparison.Ordinal));

    private static Route Route(string yaml) => TableSamples.Sample(yaml).Table.Routes["plain"];

    private static string With(string member) => PolicySamples.With("default_max_output: 100", $"default_max_output: 100\n    {member}");
}
