using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Explanation;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Explanation;

public sealed class DecisionExplainerTests
{
    private readonly HealthView _health;
    private readonly DecisionExplainer _explainer;

    public DecisionExplainerTests()
    {
        var time = new FakeTimeProvider(TableSamples.Now);
        _health = new HealthView(time);
        _explainer = new DecisionExplainer(_health, time);
    }

    [Fact]
    public void Auto_is_explained_with_its_class_its_candidates_and_their_prices()
    {
        var decision = Explain("auto", "Prove the theorem and derive the algorithm's complexity.");

        decision.Route.ShouldBe("auto");
        decision.RequestClass.ShouldBe("complex");
        decision.Candidates[0].Model.ShouldBe("deepseek-v4-pro");
        decision.Candidates[0].ExpectedCost.Currency.ShouldBe("CNY");
        decision.Explanation.ShouldContain("keywords-1");
        decision.Explanation.ShouldContain("asked first");
    }

    [Fact]
    public void Without_text_the_default_class_holds() => Explain("auto:cheap", "").RequestClass.ShouldBe("simple");

    [Fact]
    public void What_a_candidate_cannot_do_drops_it()
    {
        var decision = Explain("auto", "", new PromptFeatures { ImageCount = 1 });

        decision.Candidates.Single(c => c.Model == "glm-4.7").DropReason.ShouldContain("images");
        decision.Candidates.Single(c => c.Model == "deepseek-flash").DropReason.ShouldBeEmpty();
    }

    [Fact]
    public void A_prompt_that_is_too_long_drops_the_candidate() =>
        Explain("iflytek/lite", "", new PromptFeatures { OtherCharacters = 40_000 }).Candidates.ShouldHaveSingleItem().DropReason.ShouldContain("8192");

    [Fact]
    public void A_cooling_deployment_is_named()
    {
        _health.Take(new DeploymentHealthChanged
        {
            Deployment = "deepseek/deepseek-flash@simulated", State = "cooling", Reason = "overloaded", Until = TableSamples.Now.AddSeconds(5), ChangedAt = TableSamples.Now,
        });

        var decision = Explain("deepseek:chat", "");

        decision.Candidates.ShouldHaveSingleItem().DropReason.ShouldContain("overloaded");
        decision.Explanation.ShouldContain("retired");
        decision.Explanation.ShouldContain("No candidate remains");
    }

    [Fact]
    public void An_unpriced_model_has_no_expected_cost()
    {
        var candidate = Explain("zhipu/glm-5.3", "").Candidates.ShouldHaveSingleItem();

        candidate.DropReason.ShouldContain("price");
        candidate.ExpectedCost.ShouldBeNull();
    }

    [Fact]
    public void An_unknown_name_has_no_decision() =>
        _explainer.Explain(TableSamples.Shipped().Table, new ExplainRequest { Model = "gpt-99" }).ShouldBeNull();

    private Decision Explain(string model, string text, PromptFeatures? features = null) =>
        _explainer.Explain(TableSamples.Shipped().Table, new ExplainRequest { Model = model, Text = text, Features = features }).ShouldNotBeNull();
}
