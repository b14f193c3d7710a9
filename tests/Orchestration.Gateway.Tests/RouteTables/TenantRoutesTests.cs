using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.RouteTables;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.RouteTables;

public sealed class TenantRoutesTests
{
    [Fact]
    public void A_tenant_has_its_own_route_or_none_and_others_have_the_installation_s()
    {
        var table = TestTable.Create();
        var (own, closed) = (table.Routes["test/anywhere"].Clone(), table.Routes["test/chat"].Name);
        own.Chain.RemoveAt(0);
        table.TenantRoutes["acme"] = new TenantRoutes { Routes = { [own.Name] = own }, Closed = { closed } };
        var snapshot = new RoutingSnapshot(table);

        snapshot.FindRoute("acme", own.Name)!.ChainFor("").Length.ShouldBe(own.Chain.Count);
        snapshot.FindRoute("acme", closed).ShouldBeNull();
        snapshot.FindRoute("other", own.Name)!.ChainFor("").Length.ShouldBe(own.Chain.Count + 1);
        snapshot.FindRoute("other", closed).ShouldNotBeNull();
        (snapshot.IsOpen("acme", own.Name), snapshot.IsOpen("acme", closed), snapshot.IsOpen("other", closed)).ShouldBe((true, false, true));
    }
}
