using Microsoft.Data.Sqlite;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Settings and tables of a spool file.</summary>
internal static class SpoolSchema
{
    // synchronous=NORMAL: a commit is in the operating system's hands, so SIGKILL costs nothing, and no append waits for a
    // disk. A power cut may cost the commits since the last checkpoint; suspended leases bound what that can hide.
    private const string Settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_size_limit = 67108864;
        """;

    // AUTOINCREMENT: the number of a deleted row is never given again.
    private const string Tables = """
        CREATE TABLE event (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL, appended_at INTEGER NOT NULL, checksum INTEGER);
        CREATE TABLE quarantine (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL, reason TEXT NOT NULL, quarantined_at INTEGER NOT NULL);
        PRAGMA user_version = 2;
        """;

    // Rows from before have none.
    private const string AddChecksum = """
        ALTER TABLE event ADD COLUMN checksum INTEGER;
        PRAGMA user_version = 2;
        """;

    // Beside the versions, since a process of the version before has no use for it and goes on without.
    private const string Ending = "CREATE TABLE IF NOT EXISTS ending (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL)";

    private const long PageBytes = 4_096;

    // Reading more than this takes seconds that a restart does not have; damage then shows at the first use.
    private const long MaxCheckedPages = 65_536;
    private const long MaxFreePages = 16_384;

    public static void Prepare(SqliteConnection connection, long maxBytes, DateTimeOffset now, bool alreadyChecked)
    {
        Execute(connection, Settings);
        Execute(connection, FormattableString.Invariant($"PRAGMA max_page_count = {maxBytes / PageBytes}"));
        if (!alreadyChecked && Number(connection, "PRAGMA page_count") <= MaxCheckedPages && Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
        {
            throw new SqliteException("The spool file is damaged.", SqliteErrors.Corrupt);
        }

        if (Scalar(connection, "PRAGMA user_version") is 0L)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, Tables);
            Execute(connection, FirstNumber(now));
            transaction.Commit();
        }
        else if (Scalar(connection, "PRAGMA user_version") is 1L)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, AddChecksum);
            transaction.Commit();
        }

        Execute(connection, Ending);

        // What a long outage filled and the relay emptied; with few rows left this is quick.
        if (Number(connection, "PRAGMA freelist_count") > MaxFreePages
            && Number(connection, "PRAGMA freelist_count") > Number(connection, "PRAGMA page_count") * 9 / 10)
        {
            Execute(connection, "VACUUM");
        }
    }

    // A new file starts from the clock, in units that events cannot outrun: after a lost or damaged file no number returns.
    private static string FirstNumber(DateTimeOffset now) => FormattableString.Invariant(
        $"INSERT INTO sqlite_sequence (name, seq) VALUES ('event', {now.ToUnixTimeMilliseconds() * 1_000})");

#pragma warning disable CA2100 // Only constants and a number come here.
    private static void Execute(SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statements;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string query) => (long)Scalar(connection, query)!;

    private static object? Scalar(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar();
    }
#pragma warning restore CA2100
}

/// <summary>Primary result codes of SQLite that mean something to the spool.</summary>
internal static class SqliteErrors
{
    public const int Corrupt = 11;
    public const int NotADatabase = 26;

    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;
}
