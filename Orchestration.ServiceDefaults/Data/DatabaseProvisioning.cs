using Npgsql;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>Creates a service's roles, database, extensions and grants. Every step may be repeated.</summary>
internal static class DatabaseProvisioning
{
    /// <summary>Done in the maintenance database: roles and the database itself.</summary>
    public static async Task CreateRolesAndDatabaseAsync(
        NpgsqlConnection connection, string database, string password, CancellationToken cancellationToken)
    {
        var (app, migrator) = DatabaseRoles.Of(database);
        await CreateRoleAsync(connection, migrator, cancellationToken);
        await CreateRoleAsync(connection, app, cancellationToken);
        await ExecuteAsync(connection, $"""
            ALTER ROLE {Quote(migrator)} NOLOGIN NOCREATEDB NOCREATEROLE NOINHERIT;
            ALTER ROLE {Quote(app)} LOGIN NOCREATEDB NOCREATEROLE PASSWORD '{ScramVerifier.Of(password)}';
            """, cancellationToken);
        await DemandPlainRolesAsync(connection, app, migrator, cancellationToken);
        await JoinMigratorAsync(connection, migrator, cancellationToken);

        if (!await ExistsAsync(connection, "SELECT FROM pg_database WHERE datname = $1", database, cancellationToken))
        {
            await ExecuteAsync(connection,
                $"CREATE DATABASE {Quote(database)} OWNER {Quote(migrator)} ENCODING 'UTF8' TEMPLATE template0", cancellationToken);
        }

        await ExecuteAsync(connection, $"""
            ALTER DATABASE {Quote(database)} OWNER TO {Quote(migrator)};
            REVOKE ALL ON DATABASE {Quote(database)} FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE {Quote(database)} TO {Quote(app)};
            """, cancellationToken);
    }

    /// <summary>Done in the service's database: extensions, and what the login role may do with all that will be made.</summary>
    public static async Task PrepareSchemaAsync(
        NpgsqlConnection connection, string database, IReadOnlyList<string> extensions, CancellationToken cancellationToken)
    {
        var (app, migrator) = DatabaseRoles.Of(database);
        foreach (var extension in extensions)
        {
            await ExecuteAsync(connection, $"CREATE EXTENSION IF NOT EXISTS {Quote(extension)}", cancellationToken);
        }

        await ExecuteAsync(connection, $"""
            ALTER SCHEMA public OWNER TO {Quote(migrator)};
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO {Quote(app)};
            ALTER DEFAULT PRIVILEGES FOR ROLE {Quote(migrator)} GRANT USAGE ON SCHEMAS TO {Quote(app)};
            ALTER DEFAULT PRIVILEGES FOR ROLE {Quote(migrator)} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {Quote(app)};
            ALTER DEFAULT PRIVILEGES FOR ROLE {Quote(migrator)} GRANT USAGE, SELECT ON SEQUENCES TO {Quote(app)};
            """, cancellationToken);
    }

    /// <summary>The list of applied migrations is the migrator's; the service only reads it.</summary>
    public static Task ProtectHistoryAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken) =>
        ExecuteAsync(connection,
            $"REVOKE INSERT, UPDATE, DELETE ON \"__EFMigrationsHistory\" FROM {Quote(DatabaseRoles.Of(database).App)}",
            cancellationToken);

    private static async Task CreateRoleAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, "SELECT FROM pg_roles WHERE rolname = $1", role, cancellationToken))
        {
            await ExecuteAsync(connection, $"CREATE ROLE {Quote(role)} NOLOGIN", cancellationToken);
        }
    }

    // NOSUPERUSER in ALTER ROLE is reserved to superusers, which a managed store's administrator is not: so look instead.
    private static async Task DemandPlainRolesAsync(
        NpgsqlConnection connection, string app, string migrator, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_roles WHERE rolname IN ($1, $2) AND (rolsuper OR rolbypassrls OR rolreplication)", connection);
        command.Parameters.Add(new() { Value = app });
        command.Parameters.Add(new() { Value = migrator });
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! > 0)
        {
            throw new InvalidOperationException($"The roles {app} and {migrator} must be neither superuser nor above row security.");
        }
    }

    private static async Task JoinMigratorAsync(NpgsqlConnection connection, string migrator, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, "SELECT WHERE pg_has_role(current_user, $1, 'MEMBER')", migrator, cancellationToken))
        {
            await ExecuteAsync(connection, $"GRANT {Quote(migrator)} TO CURRENT_USER", cancellationToken);
        }
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string query, string value, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statements, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
