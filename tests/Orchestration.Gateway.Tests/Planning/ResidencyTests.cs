using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Tests.Planning;

/// <summary>Where the data of a bound tenant may go.</summary>
public sealed class ResidencyTests
{
    private static readonly string[] Regions = ["cn", "intl"];
    private static readonly RoutingSnapshot Snapshot = new(TestTable.Create());

    [Fact]
    public void A_bound_tenant_keeps_only_the_candidates_of_its_regions()
    {
        Kept(Snapshot, "bound", "test/anywhere").ShouldBe(["d-mainland"]);
        Kept(Snapshot, "free", "test/anywhere").ShouldBe(["d-small", "d-mainland"]);
    }

    [Fact]
    public void A_bound_tenant_is_told_why_a_model_cannot_answer()
    {
        var (filter, kept) = Consider(Snapshot, "bound", "test/chat", RouteModes.Chat);

        kept.ShouldBeEmpty();
        var failure = filter.Explain();
        (failure.FailureClass, failure.Code).ShouldBe((FailureClass.PermissionDenied, "residency"));
        failure.Message.ShouldContain("region that this tenant's data may go to");
    }

    [Fact]
    public void A_rule_for_every_tenant_holds_for_those_without_one_of_their_own()
    {
        var table = TestTable.Create();
        table.Residency["*"] = new Residency { Regions = { "intl" } };
        var snapshot = new RoutingSnapshot(table);

        Kept(snapshot, "free", "test/anywhere").ShouldBe(["d-small"]);
        Kept(snapshot, "bound", "test/anywhere").ShouldBe(["d-mainland"]);
    }

    [Fact]
    public void No_chain_of_any_mode_leads_a_bound_tenant_elsewhere()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 2_000; i++)
        {
            var table = TestTable.Create();
            foreach (var deployment in table.Deployments.Values) deployment.Region = Regions[random.Next(2)];
            var home = Regions[random.Next(2)];
            table.Residency["bound"] = new Residency { Regions = { home } };
            var snapshot = new RoutingSnapshot(table);

            foreach (var route in table.Routes.Values)
                Consider(snapshot, "bound", route.Name, route.Mode).Kept.Where(kept => kept.Region != home).ShouldBeEmpty();
        }
    }

    private static IEnumerable<string> Kept(RoutingSnapshot snapshot, string tenant, string route) =>
        Consider(snapshot, tenant, route, RouteModes.Chat).Kept.Select(kept => kept.Id);

    private static (CandidateFilter Filter, IReadOnlyList<Deployment> Kept) Consider(RoutingSnapshot snapshot, string tenant, string route, string mode)
    {
        var request = new PlanningRequest
        {
            Caller = new Caller(tenant, "default", "", "USD", Purpose.Unspecified),
            Model = route,
            Mode = mode,
            Size = new TextSize(4, 0, 4),
            Needs = RequestNeeds.None,
        };
        var filter = new CandidateFilter(snapshot, request, outputTokens: 10);
        var compiled = snapshot.FindRoute(route)!;
        var classes = compiled.ChoosesByClass ? ["simple", "moderate", "complex"] : new[] { "" };
        var pool = classes.SelectMany(name => compiled.ChainFor(name).ToArray()).ToList();
        using var set = new CandidateSet(pool.Count);
        foreach (var deployment in pool) filter.Consider(deployment, set);
        var kept = set.Items.ToArray().Where(item => item.Drop == Drop.None).Select(item => item.Compiled.Deployment).ToList();
        return (filter, kept);
    }
}
