using Google.Protobuf.WellKnownTypes;
using Orchestration.Pricing;
using Orchestration.Routing.Tests.Policy;
using static Orchestration.Routing.Tests.Tables.TableSamples;

namespace Orchestration.Routing.Tests.Tables;

public sealed class RouteTableChainTests
{
    [Fact]
    public void A_named_model_is_answered_by_that_model_only()
    {
        var built = Shipped("moonshot:cn", "moonshot:intl", "siliconflow:cn");

        var chain = built.Chain("moonshot/kimi-k3");

        chain.Select(d => (d.Model, d.Region, d.Price.Currency)).ShouldBe([("kimi-k3", "cn", "CNY"), ("kimi-k3", "intl", "USD")]);
        chain[1].BaseUrl.ShouldBe("https://api.moonshot.ai/v1");
    }

    [Fact]
    public void A_credential_turns_the_real_endpoint_of_its_region_on_and_the_simulated_one_off()
    {
        var built = Shipped("moonshot:intl");

        var deployment = built.Chain("moonshot/kimi-k2.6").ShouldHaveSingleItem();
        deployment.Simulated.ShouldBeFalse();
        deployment.Price.Currency.ShouldBe("USD");
        built.Chain("deepseek/deepseek-flash").ShouldHaveSingleItem().Simulated.ShouldBeTrue();
        built.Table.Models.Single(m => m.Id == "moonshot/kimi-k2.6").Simulated.ShouldBeFalse();
    }

    [Theory]
    [InlineData("deepseek")]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("google")]
    [InlineData("zhipu:cn")]
    [InlineData("alibaba:intl")]
    public void No_chain_mixes_real_and_simulated(string vendor)
    {
        var built = Shipped(vendor);

        foreach (var route in built.Table.Routes.Values)
            foreach (var chain in route.ClassChains.Values.Select(c => c.Deployments).Append(route.Chain))
                chain.Select(id => built.Table.Deployments[id].Simulated).Distinct().Count().ShouldBeLessThanOrEqualTo(1, route.Name);
        foreach (var requestClass in (string[])["simple", "moderate", "complex"])
            built.Chain("auto", requestClass).ShouldAllBe(d => !d.Simulated);
    }

    [Fact]
    public void A_policy_that_allows_it_mixes_them()
    {
        var built = Sample(PolicySamples.With("label: sample", "label: sample\nallow_simulated: true"), "deepseek");

        built.Chain("plain").Select(d => (d.Provider, d.Simulated)).ShouldBe([("deepseek", false), ("openai", true)]);
    }

    [Fact]
    public void A_class_without_real_models_borrows_from_the_nearest_class_that_has_some()
    {
        var built = Sample(PolicySamples.Yaml, "moonshot:cn");

        built.Chain("auto", "moderate").ShouldHaveSingleItem().Model.ShouldBe("kimi-k2.6");
        built.Chain("auto", "simple").ShouldBe(built.Chain("auto", "moderate"));
        built.Chain("auto", "complex").ShouldBe(built.Chain("auto", "moderate"));
    }

    [Fact]
    public void Auto_has_a_second_candidate_in_every_class()
    {
        var built = Shipped();

        foreach (var route in (string[])["auto", "auto:cheap", "auto:fast", "auto:best"])
            foreach (var requestClass in (string[])["simple", "moderate", "complex"])
                built.Chain(route, requestClass).Select(d => d.Provider).Distinct().Count().ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void A_deployment_of_its_own_asks_for_its_own_model_name()
    {
        var spare = Sample(PolicySamples.Yaml, "moonshot:intl").Chain("moonshot/kimi-k3").Single(d => d.Id == "spare");

        spare.UpstreamModel.ShouldBe("kimi-large");
        spare.BaseUrl.ShouldBe("https://spare.test");
    }

    [Fact]
    public void A_model_without_a_price_is_reported_kept_out_of_lists_and_never_free()
    {
        var built = Shipped();

        built.Chain("zhipu/glm-5.3").ShouldHaveSingleItem().Price.ShouldBeNull();
        built.Problems["zhipu/glm-5.3"].Code.ShouldBe("price_unknown");
        built.Table.Models.ShouldNotContain(m => m.Id == "zhipu/glm-5.3");
        built.Table.Routes.Values.Where(r => r.Name.StartsWith("auto", StringComparison.Ordinal))
            .SelectMany(r => r.ClassChains.Values.SelectMany(c => c.Deployments)).ShouldAllBe(id => built.Table.Deployments[id].Price != null);
    }

    [Fact]
    public void A_vendor_with_a_credential_but_without_an_endpoint_is_reported_instead_of_simulated()
    {
        var built = Shipped("cohere:intl");

        built.Table.Routes.ContainsKey("cohere/embed-v4.0").ShouldBeFalse();
        built.Problems["cohere/embed-v4.0"].Code.ShouldBe("no_endpoint");
    }

    [Fact]
    public void Prompts_without_a_known_price_are_kept_out_by_the_window() =>
        Shipped("alibaba:intl").Chain("alibaba/qwen3-coder-plus").ShouldHaveSingleItem().ContextWindow.ShouldBe(128_000);

    [Fact]
    public void Rules_and_output_of_a_route_reach_the_table()
    {
        var route = Sample(PolicySamples.Yaml).Table.Routes["plain"];

        route.DefaultMaxOutput.ShouldBe(100);
        route.Rules.MaxAttempts.ShouldBe(2);
        route.Rules.IdleTimeout.ShouldBe(Duration.FromTimeSpan(TimeSpan.FromMilliseconds(500)));
        route.Rules.ConnectTimeout.ShouldBe(Duration.FromTimeSpan(TimeSpan.FromSeconds(5)));
        route.Rules.HedgeAfter.ShouldBeNull();
    }

    [Fact]
    public void Every_rate_converts_every_price_exactly()
    {
        var table = Shipped("deepseek", "moonshot:intl", "openai", "alibaba:cn").Table;

        foreach (var price in table.Deployments.Values.Where(d => d.Price != null).Select(d => Price.Parse(d.Price)))
            foreach (var rate in table.Rates.Where(r => r.FromCurrency == price.Currency))
                _ = ExchangeRates.Convert(price.WorstCase(999_999, 99_999), rate).ToProto();
    }

    [Fact]
    public void Same_inputs_make_the_same_version_and_other_vendors_another()
    {
        Shipped().Table.Version.ShouldBe(Shipped().Table.Version);
        Shipped("deepseek").Table.Version.ShouldNotBe(Shipped().Table.Version);
    }

    [Fact]
    public void Cached_answers_die_when_other_models_answer_and_only_then()
    {
        var before = Shipped();

        Shipped("deepseek").Table.Routes["deepseek/deepseek-flash"].CacheEpoch.ShouldNotBe(before.Table.Routes["deepseek/deepseek-flash"].CacheEpoch);
        Shipped("deepseek").Table.Routes["openai/gpt-4.1"].CacheEpoch.ShouldBe(before.Table.Routes["openai/gpt-4.1"].CacheEpoch);
    }

    [Fact]
    public void Production_without_a_simulator_needs_a_vendor_for_every_default_route()
    {
        Routing.Tables.ProductionFence.Refusal(Build(ShippedPolicy, simulator: null)).ShouldNotBeNull().ShouldContain("'auto'");
        Routing.Tables.ProductionFence.Refusal(Shipped()).ShouldNotBeNull();
        Routing.Tables.ProductionFence.Refusal(Build(ShippedPolicy, simulator: null, "deepseek")).ShouldBeNull();
    }
}
