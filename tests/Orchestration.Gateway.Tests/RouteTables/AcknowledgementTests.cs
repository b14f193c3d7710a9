using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.RouteTables;

public sealed class AcknowledgementTests(GatewayFixture fixture)
{
    [Fact]
    public async Task A_gateway_says_which_table_it_plans_by()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Gateway:Instance"] = "acknowledging" } };

        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => fixture.Peers.Policies.Heard.ContainsKey("acknowledging"), TestContext.Current.CancellationToken);
        var heard = fixture.Peers.Policies.Heard["acknowledging"];
        heard.TableVersion.ShouldBe(TestTable.Version);
        heard.AppliedAt.ShouldNotBeNull();
    }
}
