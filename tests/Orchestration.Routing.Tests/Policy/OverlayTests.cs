using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Explanation;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Policy;

public sealed class OverlayTests
{
    [Fact]
    public void An_overlay_re_routes_its_tenant_and_nobody_else()
    {
        var table = TableOf("label: acme\nroutes:\n  plain: { chain: [openai/gpt-4.1] }");

        ModelsOf(TenantView.FindRoute(table, "acme", "plain")!, table).ShouldBe(["openai/gpt-4.1"]);
        ModelsOf(TenantView.FindRoute(table, "other", "plain")!, table).ShouldBe(["deepseek/deepseek-flash", "openai/gpt-4.1"]);
    }

    [Fact]
    public void Denied_models_leave_every_chain_and_close_routes_that_they_alone_answer()
    {
        var table = TableOf("label: acme\ndeny: [\"openai/*\"]");

        ModelsOf(TenantView.FindRoute(table, "acme", "plain")!, table).ShouldBe(["deepseek/deepseek-flash"]);
        TenantView.FindRoute(table, "acme", "openai/gpt-4.1").ShouldBeNull();
        TenantView.FindRoute(table, "acme", "vectors").ShouldBeNull();
        TenantView.FindRoute(table, "acme", "auto")!.ClassChains["complex"].Deployments.ShouldAllBe(id => table.Deployments[id].Provider == "deepseek");
    }

    [Fact]
    public void The_stricter_of_two_bounds_holds()
    {
        var table = TableOf("label: acme\ndefault_max_output: 500\nresidency: [cn]");

        TenantView.FindRoute(table, "acme", "plain")!.DefaultMaxOutput.ShouldBe(100);
        TenantView.FindRoute(table, "acme", "auto")!.DefaultMaxOutput.ShouldBe(500);
        table.Residency["acme"].Regions.ShouldBe(["cn"]);
    }

    [Theory]
    [InlineData(2, "residency", "label: acme\nresidency: [intl]")]
    [InlineData(3, "routes.nowhere", "label: acme\nroutes:\n  nowhere: { chain: [openai/gpt-4.1] }")]
    [InlineData(3, "routes.plain", "label: acme\nroutes:\n  plain: { chain: [openai/gpt-99] }")]
    [InlineData(4, "routes", "label: acme\ndeny: [\"openai/*\"]\nroutes:\n  plain: { chain: [openai/gpt-4.1] }")]
    [InlineData(2, "endpoints", "label: acme\nendpoints: []")]
    [InlineData(2, "allow_simulated", "label: acme\nallow_simulated: true")]
    [InlineData(2, "allow or deny", "label: acme\nallow: [nobody/nothing]")]
    public void What_would_widen_or_means_nothing_is_refused_with_its_line(int line, string path, string overlay)
    {
        var refused = Should.Throw<InvalidPolicyException>(() => Checked(overlay, "residency: { acme: [cn] }\n" + PolicySamples.Yaml));

        refused.Errors.ShouldContain(error => error.Tenant == "acme" && error.Line == line && error.Path == path, refused.Message);
    }

    private static PolicyDocument Checked(string overlay, string installation = PolicySamples.Yaml) =>
        new PolicyTexts(installation, new Dictionary<string, string> { ["acme"] = overlay }).Checked(PolicySamples.Catalogue);

    private static RouteTable TableOf(string overlay) => TableSamples.Build(Checked(overlay), TableSamples.Simulator).Table;

    private static IEnumerable<string> ModelsOf(Route route, RouteTable table) => route.Chain.Select(id => $"{table.Deployments[id].Provider}/{table.Deployments[id].Model}");
}
