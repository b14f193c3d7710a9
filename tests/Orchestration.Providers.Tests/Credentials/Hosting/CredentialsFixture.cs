using Npgsql;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults;
using Orchestration.Testing;

namespace Orchestration.Providers.Tests.Credentials.Hosting;

/// <summary>A real PostgreSQL and a scripted vendor for the tests of stored keys.</summary>
public sealed class CredentialsFixture : IAsyncLifetime
{
    private BackingServices? _services;

    public ScriptedUpstream Upstream { get; } = new();

    public async ValueTask InitializeAsync() => _services = await BackingServices.StartAsync(BackingService.Postgres, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        if (_services is not null) await _services.DisposeAsync();
    }

    /// <summary>A migrated database of its own.</summary>
    internal async Task<CredentialsSetting> NewDatabaseAsync()
    {
        var setting = new CredentialsSetting(_services!, Upstream.Port);
        var folder = Directory.CreateTempSubdirectory("credentials-migrate-").FullName;
        (await CredentialsHost.Build(setting, folder).RunServiceAsync(["migrate"])).ShouldBe(0);
        Directory.Delete(folder, recursive: true);
        return setting;
    }

    internal Task ExecuteAsync(CredentialsSetting setting, string statement) => ExecuteAsync(setting.Database, statement);

    internal async Task<string> DumpAsync(CredentialsSetting setting)
    {
        await using var connection = await ConnectAsync(setting);
        await using var command = new NpgsqlCommand("SELECT coalesce(string_agg(c::text || encode(ciphertext, 'escape') || encode(wrapped_key, 'escape') || encode(fingerprint, 'escape'), ''), '') FROM credentials c", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Cuts every connection to a database, as its death would.</summary>
    internal async Task CutAsync(CredentialsSetting setting)
    {
        await ExecuteAsync("postgres", $"""ALTER DATABASE "{setting.Database}" ALLOW_CONNECTIONS false""");
        await ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{setting.Database}'");
    }

    internal Task AllowAsync(CredentialsSetting setting) => ExecuteAsync("postgres", $"""ALTER DATABASE "{setting.Database}" ALLOW_CONNECTIONS true""");

    private async Task ExecuteAsync(string database, string statement)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<NpgsqlConnection> ConnectAsync(CredentialsSetting setting) => ConnectAsync(setting.Database);

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_services!.AdminConnectionString) { Database = database, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
