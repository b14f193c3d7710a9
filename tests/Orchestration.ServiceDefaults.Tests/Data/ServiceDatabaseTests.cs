using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orchestration.ServiceDefaults.Data;
using Orchestration.Testing;

namespace Orchestration.ServiceDefaults.Tests.Data;

public sealed class ServiceDatabaseTests(BackingServices services)
{
    private readonly string _database = $"probe_{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task Migrate_makes_roles_database_extension_and_schema_and_may_be_repeated()
    {
        (await MigrateAsync()).ShouldBe(0);
        (await MigrateAsync()).ShouldBe(0);
        await using var app = await BuildAsync();

        (await ScalarAsync(app, "SELECT current_user::text")).ShouldBe($"{_database}_app");
        (await ScalarAsync(app, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"))
            .ShouldBe($"{_database}_migrator");
        (await ScalarAsync(app, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'note' AND schemaname = 'public'"))
            .ShouldBe($"{_database}_migrator");
        (await ScalarAsync(app, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user")).ShouldBe("false");
    }

    [Fact]
    public async Task Login_role_works_with_rows_and_not_with_tables()
    {
        await MigrateAsync();
        await using var app = await BuildAsync();

        await ScalarAsync(app, "INSERT INTO note (place) VALUES ('[1,2,3]') RETURNING id::text");
        await ScalarAsync(app, "INSERT INTO side.note (id) VALUES (1) RETURNING id::text");
        (await RefusalAsync(app, "CREATE TABLE other (id int)")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(app, "DROP TABLE note")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(app, "TRUNCATE note")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(app, "DELETE FROM \"__EFMigrationsHistory\"")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(app, $"SET ROLE {_database}_migrator")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Two_migrations_at_once_both_succeed() =>
        (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MigrateAsync()))).ShouldAllBe(code => code == 0);

    [Fact]
    public async Task Service_is_ready_once_the_schema_is_there()
    {
        await using var app = await BuildAsync();
        var health = app.Services.GetRequiredService<HealthCheckService>();

        (await CheckAsync(health)).Status.ShouldBe(HealthStatus.Unhealthy);
        await MigrateAsync();
        (await CheckAsync(health)).ShouldSatisfyAllConditions(
            entry => entry.Status.ShouldBe(HealthStatus.Healthy), entry => entry.Description.ShouldBe("The database answers."));
    }

    [Fact]
    public async Task Database_that_lacks_a_migration_makes_the_service_unready()
    {
        await MigrateAsync();
        await ExecuteAsAdministratorAsync("DELETE FROM \"__EFMigrationsHistory\"");
        await using var app = await BuildAsync();

        (await CheckAsync(app.Services.GetRequiredService<HealthCheckService>())).Description.ShouldNotBeNull().ShouldContain("lacks 1 migrations");
    }

    [Fact]
    public async Task Statement_that_runs_too_long_is_stopped_by_the_server()
    {
        await MigrateAsync();
        await using var app = await BuildAsync(("Database:StatementTimeout", "00:00:01"));

        (await RefusalAsync(app, "SELECT pg_sleep(30)")).ShouldBe(PostgresErrorCodes.QueryCanceled);
    }

    [Fact]
    public async Task Migrate_without_its_administrator_says_so_and_fails()
    {
        var builder = TestSettings.CreateBuilder(("Database:Password", "p"));
        var logs = new RecordedLogs();
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs);
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<WebApplicationBuilder, ProbeDbContext>(_database);

        (await builder.Build().RunServiceAsync(["migrate"])).ShouldBe(1);
        logs.Entries.ShouldContain(entry => entry.Text.Contains("ConnectionStrings:postgres", StringComparison.Ordinal));
    }

    private static async Task<HealthReportEntry> CheckAsync(HealthCheckService health) =>
        (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["database"];

    private static async Task<string?> ScalarAsync(WebApplication app, string query)
    {
        await using var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(query);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> RefusalAsync(WebApplication app, string statement) =>
        (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(app, statement))).SqlState;

    private async Task<int> MigrateAsync() => await (await BuildAsync()).RunServiceAsync(["migrate"]);

    private async Task<WebApplication> BuildAsync(params (string Key, string Value)[] settings)
    {
        await services.EnsureAsync(BackingService.Postgres, TestContext.Current.CancellationToken);
        var administrator = new NpgsqlConnectionStringBuilder(services.AdminConnectionString);
        var builder = TestSettings.CreateBuilder([
            ("ConnectionStrings:postgres", services.AdminConnectionString),
            ("Database:Endpoint", $"tcp://{administrator.Host}:{administrator.Port}"),
            ("Database:Password", "app-password"),
            .. settings]);
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<WebApplicationBuilder, ProbeDbContext>(_database, extensions: ["vector"]);
        return builder.Build();
    }

    private async Task ExecuteAsAdministratorAsync(string statement)
    {
        var administrator = new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = _database, Pooling = false };
        await using var connection = new NpgsqlConnection(administrator.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
