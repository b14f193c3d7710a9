using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Testing;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>Two gateways on the database of all tests and one Redis; they share nothing else.</summary>
public sealed class ReplayFixture(GatewayFixture fixture) : IAsyncLifetime
{
    public const int MaxAnswerBytes = 64 * 1024;

    private BackingServices _services = null!;

    internal GatewayFixture Shared => fixture;

    internal GatewayHost First { get; private set; } = null!;

    internal GatewayHost Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Redis, TestContext.Current.CancellationToken);
        First = await StartAsync();
        Second = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in new[] { First, Second })
        {
            if (gateway is null)
                continue;
            await gateway.DisposeAsync();
            Directory.Delete(gateway.Settings.Folder, recursive: true);
        }

        if (_services is not null)
            await _services.DisposeAsync();
    }

    private async Task<GatewayHost> StartAsync()
    {
        var settings = fixture.SecondGateway() with
        {
            More = new Dictionary<string, string?>
            {
                ["ConnectionStrings:redis"] = _services.RedisConnectionString,
                ["Idempotency:MaxAnswerBytes"] = $"{MaxAnswerBytes}",
                // The machine may be busy with much else.
                ["Idempotency:ClaimTimeout"] = "00:00:30",
                ["Idempotency:RedisTimeout"] = "00:00:05",
                ["Idempotency:StoreWait"] = "00:00:10",
                ["Cache:CallTimeout"] = "00:00:05",
                ["Cache:EvidenceEvery"] = "00:00:00.010",
                ["Cache:FlightWait"] = "00:02:00",
            },
        };
        var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);
        return await gateway.WithRouteTableAsync(TestContext.Current.CancellationToken);
    }
}
