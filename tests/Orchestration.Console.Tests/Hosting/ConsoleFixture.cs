[assembly: AssemblyFixture(typeof(Orchestration.Console.Tests.Hosting.ConsoleFixture))]

namespace Orchestration.Console.Tests.Hosting;

/// <summary>One console with one admin API; every browser is a session of its own.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    private AdminApi? _admin;
    private ConsoleHost? _console;

    internal AdminApi Admin => _admin.ShouldNotBeNull();

    internal ConsoleHost Console => _console.ShouldNotBeNull();

    public async ValueTask InitializeAsync()
    {
        _admin = await AdminApi.StartAsync();
        _console = await ConsoleHost.StartAsync(_admin.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
            await _console.DisposeAsync();
        if (_admin is not null)
            await _admin.DisposeAsync();
    }
}
