using Npgsql;

namespace Orchestration.Metrics.Recording;

/// <summary>Tells whose fault a failed write is.</summary>
internal static class DatabaseFaults
{
    /// <summary>
    /// True when an event may be at fault: a value that the driver cannot send, or any answer of the server that is not known to
    /// mean something else. What nobody thought of must end in quarantine, not in a queue that stands still; but what the schema, a grant or the
    /// server itself lacks is lacking for every event.
    /// </summary>
    public static bool IsDataFault(Exception exception) => exception switch
    {
        PostgresException => !IsCollision(exception) && !IsOutage(exception),
        NpgsqlException => false,
        ArgumentException or FormatException or OverflowException or InvalidCastException => exception is not ObjectDisposedException,
        _ => false,
    };

    /// <summary>True when the same transaction may simply be tried again: serialization failure or deadlock.</summary>
    public static bool IsCollision(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>True when the database is away, restarting, full or not migrated yet: nothing that the events could help.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException { IsTransient: true } => true,
        PostgresException postgres => IsOutage(postgres.SqlState),
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    // Connection, resources, operator, locks; and what no event has a part in: login, schema and rights, features, defects of the server, standby.
    private static bool IsOutage(string sqlState) =>
        sqlState is ['0', '8', ..] or ['5', '3' or '5' or '7', ..] or ['2', '8', ..] or ['3', 'D', ..]
            or ['4', '2', ..] or ['0', 'A', ..] or ['X', 'X', ..] or PostgresErrorCodes.ReadOnlySqlTransaction;
}
