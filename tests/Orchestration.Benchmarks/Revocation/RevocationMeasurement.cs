using System.Collections.Concurrent;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Revocation;

/// <summary>How long a revoked key lives, from the moment that its revocation is asked for, on every gateway, while others go on asking.</summary>
internal sealed class RevocationMeasurement(int gateways, int revocations, int clients, double bar)
{
    private const int LiveKeys = 50;
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _tenant = $"measured-{Guid.CreateVersion7():N}";
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ConcurrentBag<(int Hops, double Milliseconds)> _lives = [];
    private long _asked;
    private long _wronglyRefused;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var stores = await BackingServices.StartAsync(BackingService.Postgres, cancellationToken);
        await using var fleet = await GatewayFleet.StartAsync(stores, gateways, cancellationToken);
        await fleet.PostAsync(0, "/admin/v1/tenants", new { tenantId = _tenant, name = "Measured", currency = "USD" }, cancellationToken);
        await fleet.PostAsync(0, $"/admin/v1/tenants/{_tenant}/projects", new { projectId = "default", name = "Default" }, cancellationToken);
        var live = await MakeKeysAsync(fleet, LiveKeys, cancellationToken);
        var doomed = await MakeKeysAsync(fleet, revocations, cancellationToken);

        Screen.Note($"revoking {revocations} keys on {gateways} gateways under the load of {clients} clients");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = _time.GetTimestamp();
        var load = Task.WhenAll(Enumerable.Range(0, clients).Select(client => AskAsync(fleet, live, client, stop.Token)));
        await Parallel.ForEachAsync(
            doomed.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, (key, token) => RevokeAsync(fleet, key.Index, key.Item, token));
        var seconds = _time.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await load;
        return Report(await CountTakenAsync(fleet, doomed, cancellationToken), seconds);
    }

    private async Task<List<(string Id, string Secret)>> MakeKeysAsync(GatewayFleet fleet, int count, CancellationToken cancellationToken)
    {
        var keys = new List<(string, string)>();
        for (var i = 0; i < count; i++)
        {
            var made = await fleet.PostAsync(0, $"/admin/v1/tenants/{_tenant}/keys", new { projectId = "default", name = "Measured" }, cancellationToken);
            keys.Add((made.GetProperty("key").GetProperty("keyId").GetString()!, made.GetProperty("secret").GetString()!));
        }

        return keys;
    }

    private async ValueTask RevokeAsync(GatewayFleet fleet, int index, (string Id, string Secret) key, CancellationToken cancellationToken)
    {
        var at = index % gateways;
        for (var gateway = 0; gateway < gateways; gateway++)
        {
            if (!await fleet.TakesAsync(gateway, key.Secret, cancellationToken))
                throw new InvalidOperationException("A gateway does not take a key that is not revoked.");
        }

        var asked = _time.GetTimestamp();
        var revoking = fleet.PostAsync(at, $"/admin/v1/tenants/{_tenant}/keys/{key.Id}:revoke", new { }, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, gateways).Select(gateway => WatchAsync(fleet, gateway, at, key.Secret, asked, cancellationToken)));
        await revoking;
    }

    private async Task WatchAsync(GatewayFleet fleet, int gateway, int at, string secret, long asked, CancellationToken cancellationToken)
    {
        while (await fleet.TakesAsync(gateway, secret, cancellationToken))
        {
            if (_time.GetElapsedTime(asked) > Patience)
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(2), _time, cancellationToken);
        }

        _lives.Add((gateway == at ? 0 : 1, _time.GetElapsedTime(asked).TotalMilliseconds));
    }

    private async Task AskAsync(GatewayFleet fleet, List<(string Id, string Secret)> live, int client, CancellationToken stop)
    {
        for (var i = client; !stop.IsCancellationRequested; i++)
        {
            Interlocked.Increment(ref _asked);
            if (!await fleet.TakesAsync(i % gateways, live[i % live.Count].Secret, CancellationToken.None))
                Interlocked.Increment(ref _wronglyRefused);
        }
    }

    private async Task<int> CountTakenAsync(GatewayFleet fleet, List<(string Id, string Secret)> doomed, CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var (_, secret) in doomed)
        {
            for (var gateway = 0; gateway < gateways; gateway++)
                taken += await fleet.TakesAsync(gateway, secret, cancellationToken) ? 1 : 0;
        }

        return taken;
    }

    private int Report(int taken, double seconds)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("gateway", "samples", "p50 ms", "p99 ms", "longest ms");
        var all = new Samples();
        foreach (var (name, hops) in ((string, int)[])[("that was told", 0), ("another", 1)])
        {
            var samples = new Samples();
            samples.Add(_lives.Where(life => life.Hops == hops).Select(life => life.Milliseconds));
            all.Add(_lives.Where(life => life.Hops == hops).Select(life => life.Milliseconds));
            table.AddRow(name, $"{samples.Count}", samples.Quantile(0.5).Text("0.0"), samples.Quantile(0.99).Text("0.0"), samples.Quantile(1).Text("0.0"));
        }

        AnsiConsole.Write(table);
        var verdict = new Verdict("revocation");
        verdict.Add($"p50 {all.Quantile(0.5):0.0} ms, p99 {all.Quantile(0.99):0.0} ms, longest {all.Quantile(1):0.0} ms from the call on any of {gateways} gateways");
        verdict.Add($"{_asked / seconds:0} requests/s beside it, {_wronglyRefused} of them wrongly refused");
        verdict.Add($"{taken} of {revocations} revoked keys taken again");
        verdict.AtMost("p99 of a revoked key's life in ms", all.Quantile(0.99), bar);
        verdict.Require(taken == 0, "A revoked key was taken again.");
        verdict.Require(_wronglyRefused == 0, "A key that nobody revoked was refused.");
        verdict.Require(_asked > 0, "There was no load.");
        return verdict.Close();
    }
}
