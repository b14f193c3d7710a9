using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

/// <summary>Keys while the database is away. What every endpoint makes of every credential stands in the policy table.</summary>
public sealed class CredentialTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Known_key_goes_on_without_the_database_and_an_unknown_one_gets_503()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Keys:CacheFor"] = "00:00:00.100" } };
        await using var proxy = new TcpRelay(new Uri(settings.ToConfiguration()["Database:Endpoint"]!));
        settings = settings with { More = new Dictionary<string, string?>(settings.More) { ["Database:Endpoint"] = $"tcp://127.0.0.1:{proxy.Port}" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        using (var before = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken))
            before.StatusCode.ShouldBe(HttpStatusCode.OK);

        await proxy.CutAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(150), TestContext.Current.CancellationToken);

        using var known = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        known.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stranger = GatewayHost.NewClient(gateway.HttpAddress, TestKeys.Create());
        using var unknown = await stranger.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        unknown.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await unknown.ErrorCodeAsync()).ShouldBe("authentication_unavailable");
        unknown.Header("Retry-After").ShouldNotBeEmpty();
    }
}
