using Npgsql;

namespace Orchestration.Metrics.Recording;

/// <summary>Tells whose fault a failed write is.</summary>
internal static class DatabaseFaults
{
    /// <summary>True when a value is at fault: SQLSTATE classes 22 (data) and 23 (constraints), or a value that the driver cannot send.</summary>
    public static bool IsDataFault(Exception exception) => exception switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] } => true,
        NpgsqlException => false,
        ArgumentException or FormatException or OverflowException or InvalidCastException => exception is not ObjectDisposedException,
        _ => false,
    };

    /// <summary>True when the same transaction may simply be tried again: serialization failure or deadlock.</summary>
    public static bool IsCollision(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>True when the database is away, restarting, full or not migrated yet: nothing that the events could help.</summary>
    public static bool IsOutage(Exception exception) => exception is NpgsqlException or TimeoutException;
}
