using Npgsql;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>Connection strings of a service's database: one for the running service, one for its migrations.</summary>
internal static class DatabaseConnection
{
    private const int DefaultPort = 5432;

    public static string ForService(string database, DatabaseOptions options, string applicationName)
    {
        var endpoint = new Uri(options.Endpoint);
        var statementTimeout = (long)options.StatementTimeout.TotalMilliseconds;
        var builder = new NpgsqlConnectionStringBuilder
        {
            Timeout = 5,
            KeepAlive = 30,
            MaxPoolSize = options.MaxPoolSize,
            // The server gives up first, so that no statement goes on after its caller has left.
            CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5,
            // Plans over many partitions look dear enough to be compiled, which takes longer than it takes to run them.
            Options = $"-c statement_timeout={statementTimeout} -c idle_in_transaction_session_timeout=60000 -c jit=off",
        };
        foreach (var (keyword, value) in new NpgsqlConnectionStringBuilder(options.Options))
        {
            builder[keyword] = value;
        }

        builder.Host = endpoint.Host;
        builder.Port = endpoint.IsDefaultPort || endpoint.Port < 0 ? DefaultPort : endpoint.Port;
        builder.Database = database;
        builder.Username = DatabaseRoles.Of(database).App;
        builder.Password = options.Password;
        builder.ApplicationName = applicationName;
        builder.IncludeErrorDetail = false;
        return builder.ConnectionString;
    }

    /// <summary>Connections of the administrator to the database; with a role, all they do is done as that role.</summary>
    public static string ForAdministrator(string administrator, string? database, string? role)
    {
        var builder = new NpgsqlConnectionStringBuilder(administrator) { Pooling = false, Timeout = 5, CommandTimeout = 600 };
        builder.Database = database ?? builder.Database ?? "postgres";
        if (role is not null)
        {
            // A setting of the session instead of a statement: it also holds after a reset of the connection.
            builder.Options = $"-c role={role}";
        }

        return builder.ConnectionString;
    }
}

/// <summary>The two roles of a database.</summary>
/// <param name="App">Login role of the running service; neither superuser nor owner.</param>
/// <param name="Migrator">Owner of the database and of all that migrations make; cannot log in.</param>
internal sealed record DatabaseRoles(string App, string Migrator)
{
    public static DatabaseRoles Of(string database) => new($"{database}_app", $"{database}_migrator");
}
