using Npgsql;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests;

/// <summary>What the service's own role may not do to its database.</summary>
internal static class MetricsHostAdministration
{
    public static async Task<NpgsqlConnection> AdministerAsync(this MetricsHost host, BackingServices services, params string[] statements)
    {
        var connection = new NpgsqlConnection($"{services.AdminConnectionString};Database={host.Name};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return connection;
    }

    /// <summary>Keeps everybody from the requests until the result is disposed.</summary>
    public static async Task<IAsyncDisposable> LockRequestsAsync(this MetricsHost host, BackingServices services) =>
        await host.AdministerAsync(services, "BEGIN", "LOCK TABLE requests IN ACCESS EXCLUSIVE MODE");

    /// <summary>Waits until a transaction that records waits for the requests. Gauges and alerts may wait for them, too; only recording shares a lock of retention.</summary>
    public static Task UntilWriterWaitsAsync(this MetricsHost host) => Eventually.HoldsAsync(async () => await host.Database.CountAsync(
        """
        pg_locks waiting JOIN pg_locks held USING (pid)
        WHERE NOT waiting.granted AND waiting.relation = 'requests'::regclass AND held.granted AND held.locktype = 'advisory' AND held.mode = 'ShareLock'
        """) > 0);

    /// <summary>Waits until a second <see cref="LockRequestsAsync"/> waits for the first.</summary>
    public static Task UntilLockWaitsAsync(this MetricsHost host) => Eventually.HoldsAsync(
        async () => await host.Database.CountAsync("pg_locks WHERE NOT granted AND relation = 'requests'::regclass AND mode = 'AccessExclusiveLock'") > 0);
}
