using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Testing;

namespace Orchestration.Gateway.Tests.Limits;

/// <summary>A gateway with a Redis, and accounts with limits.</summary>
public sealed class LimitedGateway(GatewayFixture fixture) : IAsyncLifetime
{
    private BackingServices _services = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    internal FakePeers Peers => fixture.Peers;

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Redis);
        Gateway = await StartAsync(_services.RedisConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Another gateway, whose wire to Redis can be cut.</summary>
    internal async Task<(GatewayHost Gateway, TcpRelay Wire)> WithWireAsync()
    {
        var parts = _services.RedisConnectionString.Split(',', 2);
        var wire = new TcpRelay(new Uri($"tcp://{parts[0]}"));
        return (await StartAsync($"127.0.0.1:{wire.Port},{parts[1]}"), wire);
    }

    /// <summary>A client with a key of a new tenant that has these limits.</summary>
    internal static async Task<HttpClient> ClientAsync(GatewayHost gateway, params object[] limits) =>
        GatewayHost.NewClient(gateway.HttpAddress, await KeyAsync(gateway, limits));

    internal static async Task<string> KeyAsync(GatewayHost gateway, params object[] limits)
    {
        var tenant = await gateway.NewTenantAsync();
        var (_, secret) = await gateway.NewKeyAsync(tenant, new() { ["limits"] = limits });
        return secret;
    }

    internal static object Requests(int amount, string model = "") => new { kind = "LIMIT_KIND_REQUESTS", amount, window = "3600s", model };

    internal static object Tokens(int amount) => new { kind = "LIMIT_KIND_TOKENS", amount, window = "3600s" };

    internal static object Concurrency(int amount) => new { kind = "LIMIT_KIND_CONCURRENCY", amount };

    private async Task<GatewayHost> StartAsync(string redis)
    {
        var more = new Dictionary<string, string?> { ["ConnectionStrings:redis"] = redis, ["Limits:CallTimeout"] = "00:00:01" };
        var gateway = await GatewayHost.StartAsync(fixture.SecondGateway() with { More = more }, CancellationToken.None);
        return await gateway.WithRouteTableAsync(CancellationToken.None);
    }
}
