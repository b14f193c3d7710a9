using Npgsql;
using Orchestration.AppHost.Local.Processes;
using Orchestration.AppHost.Local.Stores;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The process of a backing service, with its data in the data folder.</summary>
internal sealed class StoreRun(StoreResource store, SystemContext context) : ResourceRun(store, context)
{
    private StoreProcess? _process;

    protected override async Task<GuardedCommand> CommandAsync(int replica, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Context.Settings.DataDirectory, store.Name);
        if (store is PostgresServerResource)
            folder = await PostgresProcess.ResolveFolderAsync(folder, cancellationToken);
        _process = store.CreateProcess(new StoreSettings(folder, store.Port, store.UserName, store.Password.Value));
        await _process.PrepareAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return _process.Command;
    }

    protected override bool IsNews(string line) => _process!.IsNews(line);

    protected override async Task<string?> ProbeAsync(CancellationToken cancellationToken) =>
        await _process!.AnswersAsync(cancellationToken) ? null : "does not answer";

    protected override async Task OnAnsweringAsync(CancellationToken cancellationToken)
    {
        if (store is not PostgresServerResource { Databases.Count: > 0 } postgres)
            return;
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        foreach (var database in postgres.Databases)
            await CreateMissingAsync(connection, database.DatabaseName, cancellationToken);
    }

    private static async Task CreateMissingAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await find.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
