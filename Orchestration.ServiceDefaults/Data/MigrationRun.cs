using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>The work of <c>migrate</c>: from an empty server, or any older state, to the schema of this build.</summary>
internal sealed partial class MigrationRun(
    ServiceDatabase database,
    IConfiguration configuration,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<MigrationRun> logger)
{
    // Any number will do, as long as all builds use the same: it keeps two runs from working at once.
    private const long LockKey = 0x4F72_6368_6573_7472;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var administrator = configuration.GetConnectionString(ResourceNames.Postgres)
            ?? throw new InvalidOperationException("ConnectionStrings:postgres (the administrator) is needed to migrate.");
        var password = configuration[$"{DatabaseOptions.SectionName}:{nameof(DatabaseOptions.Password)}"];
        if (string.IsNullOrEmpty(password))
        {
            throw new InvalidOperationException("Database:Password (of the service's login role) is needed to migrate.");
        }

        await using (var maintenance = await OpenAsync(
            DatabaseConnection.ForAdministrator(administrator, database: null, role: null), cancellationToken))
        {
            await LockAsync(maintenance, cancellationToken);
            await DatabaseProvisioning.CreateRolesAndDatabaseAsync(maintenance, database.Name, password, cancellationToken);
        }

        await using var own = await OpenAsync(
            DatabaseConnection.ForAdministrator(administrator, database.Name, role: null), cancellationToken);
        await LockAsync(own, cancellationToken);
        await DatabaseProvisioning.PrepareSchemaAsync(own, database.Name, database.Extensions, cancellationToken);
        await MigrateAsync(administrator, cancellationToken);
        await DatabaseProvisioning.ProtectHistoryAsync(own, database.Name, cancellationToken);
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection);
        command.Parameters.Add(new() { Value = LockKey });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task MigrateAsync(string administrator, CancellationToken cancellationToken)
    {
        var role = DatabaseRoles.Of(database.Name).Migrator;
        var source = new NpgsqlDataSourceBuilder(DatabaseConnection.ForAdministrator(administrator, database.Name, role));
        database.ConfigureDataSource?.Invoke(source);
        await using var dataSource = source.Build();
        await using var context = CreateContext(dataSource);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        await context.Database.MigrateAsync(cancellationToken);
        var current = context.Database.GetMigrations().LastOrDefault() ?? "(no migrations)";
        Log.Migrated(logger, database.Name, pending.Count, current);
    }

    private DbContext CreateContext(NpgsqlDataSource dataSource)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(
            typeof(DbContextOptionsBuilder<>).MakeGenericType(database.ContextType))!;
        options.UseNpgsql(dataSource, database.ConfigureContext);
        options.UseSnakeCaseNamingConvention();
        return (DbContext)ActivatorUtilities.CreateInstance(services, database.ContextType, options.Options);
    }

    private async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var connection = new NpgsqlConnection(connectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && timeProvider.GetElapsedTime(began) < StartPatience)
            {
                await connection.DisposeAsync();
                if (attempt == 0)
                {
                    Log.Waiting(logger, exception.Message);
                }

                await Task.Delay(RetryDelay, timeProvider, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Database {Database}: {Count} migrations applied, now at {Migration}")]
        public static partial void Migrated(ILogger logger, string database, int count, string migration);

        [LoggerMessage(LogLevel.Information, "Waiting for PostgreSQL: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
