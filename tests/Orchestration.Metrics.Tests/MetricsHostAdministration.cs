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

    /// <summary>Waits until as many transactions wait for the requests.</summary>
    public static async Task UntilWaitingAsync(this MetricsHost host, int transactions)
    {
        while (await host.Database.CountAsync("pg_locks WHERE NOT granted AND relation = 'requests'::regclass") != transactions)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
