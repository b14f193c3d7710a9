using System.Globalization;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Budgets;

/// <summary>The gateway of a system and further ones beside it, one of which may be killed.</summary>
internal sealed class Replicas(SystemUnderTest system) : IAsyncDisposable
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);
    private readonly List<GatewayReplica> _all = [];
    private GatewayReplica? _spare;
    private volatile IReadOnlyList<Uri> _addresses = [system.Gateway];

    /// <summary>Where requests may be sent.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses;

    /// <summary>Starts further ones, and one that waits until it is needed.</summary>
    public async Task StartAsync(int further, CancellationToken cancellationToken)
    {
        for (var started = 0; started < further; started++)
            Use(await GatewayReplica.StartAsync(system, cancellationToken));
        _spare = await GatewayReplica.StartAsync(system, cancellationToken);
    }

    /// <summary>Kills the one that came last and puts the spare one in its place. What its leases held is read before anybody can have closed them.</summary>
    public async Task<KilledGateway> KillAsync(BudgetLedger ledger, CancellationToken cancellationToken)
    {
        var victim = _all[^1];
        var holder = string.Create(CultureInfo.InvariantCulture, $"gateway-{GatewayReplica.OutboxSlotOf(victim.ProcessId)}");
        var at = TimeProvider.System.GetUtcNow();
        victim.Kill();
        _addresses = [.. _addresses.Where(address => address != victim.Address)];
        // A grant that was under way is entered by then.
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        var held = await ledger.HeldByAsync(holder, cancellationToken);
        Use(_spare!);
        _spare = null;
        return new KilledGateway(at, held, new Dictionary<Guid, DateTimeOffset>());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _all)
            await replica.DisposeAsync();
        if (_spare is not null)
            await _spare.DisposeAsync();
    }

    private void Use(GatewayReplica replica)
    {
        _all.Add(replica);
        _addresses = [.. _addresses, replica.Address];
    }
}
