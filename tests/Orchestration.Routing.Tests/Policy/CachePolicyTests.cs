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

    [Theory]
    [InlineData("cache: { tool_calls: true }", "routes.plain.cache.exact_ttl")]
    [InlineData("cache: { exact_ttl: 0s }", "routes.plain.cache.exact_ttl")]
    [InlineData("cache: { exact_ttl: 10m, colour: red }", "routes.plain.cache.colour")]
    [InlineData("cache: { exact_ttl: 10m, tenants: acme }", "routes.plain.cache.tenants")]
    public void Mistake_is_told_with_its_path(string cache, string path) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(With(cache))).Errors.ShouldContain(error => error.Path == path);

    private static MapField<string, Route> Routes(string yaml) => TableSamples.Sample(yaml).Table.Routes;

    private static string With(string cache) => PolicySamples.Yaml.Replace("default_max_output: 100", $"default_max_output: 100\n    {cache}", StringComparison.Ordinal);
}
