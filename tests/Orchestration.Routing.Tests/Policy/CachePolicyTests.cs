using Google.Protobuf.Collections;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Policy;

public sealed class CachePolicyTests
{
    [Fact]
    public void Nothing_is_kept_unless_the_policy_says_so() =>
        TableSamples.Sample(PolicySamples.Yaml).Table.Routes.Values.ShouldAllBe(route => route.Cache == null);

    [Fact]
    public void Rules_of_a_route_reach_the_table()
    {
        var rules = Routes(With("cache: { exact_ttl: 2h, tool_calls: true, tenants: [acme] }"))["plain"].Cache;

        rules.ExactTtl.ToTimeSpan().ShouldBe(TimeSpan.FromHours(2));
        rules.ToolCalls.ShouldBeTrue();
        rules.Tenants.ShouldBe(["acme"]);
    }

    [Fact]
    public void Rules_of_the_policy_hold_for_every_route_without_its_own()
    {
        var routes = Routes("cache: { exact_ttl: 10m }\n" + With("cache: { enabled: false }"));

        routes["plain"].Cache.ShouldBeNull();
        routes["auto"].Cache.ExactTtl.ToTimeSpan().ShouldBe(TimeSpan.FromMinutes(10));
        routes["deepseek/deepseek-flash"].Cache.ToolCalls.ShouldBeFalse();
    }

    [Fact]
    public void Semantic_rules_reach_the_table_with_careful_defaults()
    {
        var rules = Routes(With("cache: { semantic: { mode: shadow } }"))["plain"].Cache;

        rules.ExactTtl.ShouldBeNull();
        (rules.Semantic.Mode, rules.Semantic.FalseHitBudget, rules.Semantic.Embedder).ShouldBe((SemanticMode.Shadow, 0.01, "embedding"));
        (rules.Semantic.Ttl.ToTimeSpan(), rules.Semantic.Deadline.ToTimeSpan()).ShouldBe((TimeSpan.FromHours(24), TimeSpan.FromMilliseconds(50)));
        (rules.Semantic.Recheck, rules.Semantic.MaxEntries).ShouldBe((0.05, 5_000));
    }

    [Fact]
    public void Every_semantic_rule_can_be_told()
    {
        var rules = Routes(With("cache: { exact_ttl: 1h, semantic: { mode: serve, false_hit_budget: 0.02, ttl: 2h, embedder: lexical, recheck: 0.1, max_entries: 200, deadline: 100ms } }"))["plain"].Cache;

        rules.ExactTtl.ToTimeSpan().ShouldBe(TimeSpan.FromHours(1));
        (rules.Semantic.Mode, rules.Semantic.FalseHitBudget, rules.Semantic.Embedder).ShouldBe((SemanticMode.Serve, 0.02, "lexical"));
        (rules.Semantic.Ttl.ToTimeSpan(), rules.Semantic.Deadline.ToTimeSpan()).ShouldBe((TimeSpan.FromHours(2), TimeSpan.FromMilliseconds(100)));
        (rules.Semantic.Recheck, rules.Semantic.MaxEntries).ShouldBe((0.1, 200));
    }

    [Theory]
    [InlineData("cache: { exact_ttl: 1h, semantic: { mode: off } }")]
    [InlineData("cache: { exact_ttl: 1h }")]
    public void Nothing_is_given_again_to_other_wordings_unless_the_policy_says_so(string cache) => Routes(With(cache))["plain"].Cache.Semantic.ShouldBeNull();

    [Theory]
    [InlineData("cache: { tool_calls: true }", "routes.plain.cache.exact_ttl")]
    [InlineData("cache: { exact_ttl: 0s }", "routes.plain.cache.exact_ttl")]
    [InlineData("cache: { exact_ttl: 10m, colour: red }", "routes.plain.cache.colour")]
    [InlineData("cache: { exact_ttl: 10m, tenants: acme }", "routes.plain.cache.tenants")]
    [InlineData("cache: { semantic: { ttl: 1h } }", "routes.plain.cache.semantic.mode")]
    [InlineData("cache: { semantic: { mode: maybe } }", "routes.plain.cache.semantic.mode")]
    [InlineData("cache: { semantic: { mode: off } }", "routes.plain.cache.exact_ttl")]
    [InlineData("cache: { semantic: { mode: serve, false_hit_budget: 0.5 } }", "routes.plain.cache.semantic.false_hit_budget")]
    [InlineData("cache: { semantic: { mode: serve, false_hit_budget: some } }", "routes.plain.cache.semantic.false_hit_budget")]
    [InlineData("cache: { semantic: { mode: serve, recheck: 0 } }", "routes.plain.cache.semantic.recheck")]
    [InlineData("cache: { semantic: { mode: serve, max_entries: 1 } }", "routes.plain.cache.semantic.max_entries")]
    [InlineData("cache: { semantic: { mode: serve, deadline: 1m } }", "routes.plain.cache.semantic.deadline")]
    [InlineData("cache: { semantic: { mode: serve, threshold: 0.8 } }", "routes.plain.cache.semantic.threshold")]
    [InlineData("cache: { semantic: { mode: serve, embedder: auto } }", "routes.plain.cache.semantic.embedder")]
    [InlineData("cache: { semantic: { mode: serve, embedder: gone } }", "routes.plain.cache.semantic.embedder")]
    public void Mistake_is_told_with_its_path(string cache, string path) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(With(cache))).Errors.ShouldContain(error => error.Path == path);

    private static MapField<string, Route> Routes(string yaml) => TableSamples.Sample(yaml).Table.Routes;

    private static string With(string cache) => PolicySamples.Yaml
        .Replace("default_max_output: 100", $"default_max_output: 100\n    {cache}", StringComparison.Ordinal)
        .Replace("best: auto", "best: auto\n  embedding: vectors", StringComparison.Ordinal);
}
