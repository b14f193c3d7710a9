using Npgsql;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>A database of Metrics that did not exist before and is dropped afterwards.</summary>
internal sealed class ExplorerDatabase : IAsyncDisposable
{
    private const string Name = "metrics";

    private readonly string _administrator;

    private ExplorerDatabase(string administrator)
    {
        _administrator = administrator;
        // Sessions that make rows and rollups; the service's own connections have what they ship with.
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(administrator)
        {
            Database = Name,
            CommandTimeout = 600,
            Options = "-c work_mem=512MB -c maintenance_work_mem=768MB -c max_parallel_maintenance_workers=0 -c synchronous_commit=off -c jit=off",
        });
    }

    /// <summary>Connections of the administrator.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<ExplorerDatabase> CreateAsync(BackingServices stores, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(stores.AdminConnectionString + ";Pooling=false"))
        await using (var exists = server.CreateCommand($"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{Name}')"))
        {
            if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                throw new InvalidOperationException($"The server has a database '{Name}' already; explorer makes a fresh one and drops it afterwards.");
        }

        await MetricsProcess.MigrateAsync(stores, cancellationToken);
        return new ExplorerDatabase(stores.AdminConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using var server = NpgsqlDataSource.Create(_administrator + ";Pooling=false");
        await server.DoAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", CancellationToken.None);
    }
}

internal static class DatabaseStatements
{
    /// <summary>Runs a statement of this program.</summary>
    public static async Task DoAsync(this NpgsqlDataSource database, string statement, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
