using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults;
using Orchestration.Testing;

[assembly: AssemblyFixture(typeof(GatewayFixture))]

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>One gateway on one migrated database for all tests that need nothing special. Scripts keep them apart.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private BackingServices _services = null!;

    internal FakePeers Peers { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres);
        Peers = await FakePeers.StartAsync(CancellationToken.None);
        var settings = Settings();
        (await GatewayHost.Build(settings).RunServiceAsync(["migrate"])).ShouldBe(0);
        Gateway = await GatewayHost.StartAsync(settings, CancellationToken.None);
        await Gateway.WithRouteTableAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // Any of them may be missing after a failed start.
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
            Directory.Delete(Gateway.Settings.Folder, recursive: true);
        }

        if (Peers is not null)
            await Peers.DisposeAsync();
        if (_services is not null)
            await _services.DisposeAsync();
    }

    /// <summary>Settings of another gateway, on the same database unless told otherwise.</summary>
    internal GatewaySettings Settings() => new() { PostgresAdministrator = _services.AdminConnectionString, Peers = Peers.Address };

    /// <summary>Settings of a second gateway beside the first: same database and keys, own folder.</summary>
    internal GatewaySettings SecondGateway() => Gateway.Settings with { Folder = Settings().Folder };
}
