using System.Text;
using Orchestration.Routing.Policy;
using static Orchestration.Routing.Tests.Policy.PolicySamples;

namespace Orchestration.Routing.Tests.Policy;

public sealed class PolicyTests
{
    public static TheoryData<int, string, string> Mistakes => new()
    {
        { 1, "label", With("label: sample", "label: \"\"") },
        { 2, "colour", With("rates:", "colour: red\nrates:") },
        { 1, "policy", "- a list" },
        { 2, "policy", "label: x\nlabel: y" },
        { 2, "policy", "label: &x a\nother: *x" },
        { 3, "rates[0].as_of", With("2026-11-22", "yesterday") },
        { 3, "rates.USD-CNY", With("\"7\"", "\"-7\"") },
        { 3, "rates.USD-CNY", With("\"7\"", "\"7.12345\"") },
        { 5, "endpoints.nobody", With("provider: deepseek", "provider: nobody") },
        { 5, "endpoints.deepseek.region", With("deepseek, region: cn", "deepseek, region: mars") },
        { 5, "endpoints.deepseek.base_url", With("https://deepseek.test", "ftp://deepseek.test") },
        { 5, "endpoints.deepseek.base_url", With("https://deepseek.test", "https://user:pw@deepseek.test") },
        { 7, "endpoints.moonshot", With("moonshot, region: intl", "moonshot, region: cn") },
        { 9, "deployments.spare.model", With("model: moonshot/kimi-k3", "model: moonshot/kimi-k99") },
        { 14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/nothing]") },
        { 14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/deepseek-chat]") },
        { 14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/deepseek-flash, deepseek/deepseek-flash]") },
        { 14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [openai/text-embedding-3-small]") },
        { 14, "routes.auto.classes.easy", With("simple: [deepseek/deepseek-flash]", "easy: [deepseek/deepseek-flash]") },
        { 14, "routes.auto.classes.simple[0]", With("simple: [deepseek/deepseek-flash]", "simple: [[deepseek/deepseek-flash]]") },
        { 12, "routes.auto.default_class", With("default_class: moderate", "default_class: odd") },
        { 19, "routes.plain.default_max_output", With("default_max_output: 100", "default_max_output: 0") },
        { 20, "routes.plain.execution.max_attempts", With("max_attempts: 2", "max_attempts: 11") },
        { 20, "routes.plain.execution.idle_timeout", With("500ms", "soon") },
        { 20, "routes.plain.execution.hedge_after", With("idle_timeout: 500ms", "hedge_after: never") },
        { 20, "routes.plain.execution.hedge_spend_percent", With("idle_timeout: 500ms", "hedge_spend_percent: 101") },
        { 20, "routes.plain.execution.drain_tokens", With("idle_timeout: 500ms", "drain_tokens: 0") },
        { 20, "routes.plain.execution.refuse_larger_context", With("idle_timeout: 500ms", "refuse_larger_context: perhaps") },
        { 18, "routes.plain", With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "chain: []") },
        { 23, "routes.vectors", With("[openai/text-embedding-3-small]", "[openai/text-embedding-3-small, openai/text-embedding-3-large]") },
        { 25, "aliases.deepseek:chat", With("to: deepseek/deepseek-chat", "to: deepseek/deepseek-speech") },
        { 26, "aliases.plain", With("best: auto", "plain: auto") },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_told_with_line_and_path(int line, string path, string yaml)
    {
        var refused = Should.Throw<InvalidPolicyException>(() => Checked(yaml));

        refused.Errors.ShouldContain(e => e.Line == line && e.Path == path, refused.Message);
    }

    [Fact]
    public void Rules_of_hedging_draining_and_larger_contexts_are_read()
    {
        const string Rules = "hedge_after: 800ms, hedge_spend_percent: 12, drain_tokens: 300, refuse_larger_context: true";

        var execution = Checked(With("idle_timeout: 500ms", Rules)).Routes.Single(r => r.Name == "plain").Execution;

        (execution.HedgeAfter, execution.HedgeSpendPercent, execution.DrainTokens, execution.RefuseLargerContext)
            .ShouldBe((TimeSpan.FromMilliseconds(800), 12, 300, true));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var yaml = With("\"7\"", "\"0\"").Replace("moonshot/kimi-k2.6", "moonshot/none", StringComparison.Ordinal).Replace("best: auto", "best: nowhere", StringComparison.Ordinal);

        Should.Throw<InvalidPolicyException>(() => Checked(yaml)).Errors.Select(e => e.Line).ShouldBe([3, 15, 26]);
    }

    [Fact]
    public void Caps_hold_before_anything_is_compared()
    {
        var yaml = new StringBuilder("label: big\nroutes:\n");
        for (var i = 0; i < 10_001; i++) yaml.Append("  r").Append(i).Append(": { chain: [openai/gpt-4.1] }\n");

        Should.Throw<InvalidPolicyException>(() => Checked(yaml.ToString())).Errors.ShouldHaveSingleItem().Path.ShouldBe("routes");
        Should.Throw<InvalidPolicyException>(() => Checked("label: " + new string('x', PolicyReader.MostCharacters))).Errors.ShouldHaveSingleItem().Message.ShouldContain("4 MiB");
    }

    [Fact]
    public void Sample_and_shipped_policy_are_right()
    {
        Checked().Routes.Select(r => r.Name).ShouldBe(["auto", "plain", "vectors"]);
        Checked(PolicyReader.ReadShippedText()).Label.ShouldBe("shipped-1");
    }

    [Fact]
    public void Rules_of_a_route_stand_over_those_of_the_policy_and_those_over_the_defaults()
    {
        var below = new ExecutionPolicy { MaxAttempts = 4, IdleTimeout = TimeSpan.FromSeconds(9) };

        var rules = new ExecutionPolicy { MaxAttempts = 2 }.Over(below).Over(ExecutionPolicy.Default);

        rules.MaxAttempts.ShouldBe(2);
        rules.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(9));
        rules.ConnectTimeout.ShouldBe(ExecutionPolicy.Default.ConnectTimeout);
    }
}
