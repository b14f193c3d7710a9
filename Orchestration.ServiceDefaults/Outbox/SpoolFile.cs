using Microsoft.Data.Sqlite;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>One event as it stands on disk.</summary>
internal readonly record struct SpoolRow(long Sequence, byte[] Body, long? Checksum)
{
    /// <summary>False when the body is not the one that was written.</summary>
    public bool IsSound => Checksum is null || Checksum == SpoolChecksum.Of(Body);
}

/// <summary>The SQLite file of one slot: events in the order of their numbers, and a table for those that cannot be read.</summary>
/// <remarks>Writing is for one thread; reading goes over a connection of its own, which WAL keeps out of the writer's way.</remarks>
internal sealed class SpoolFile : IDisposable
{
    private readonly string _path;
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _read;

    public SpoolFile(string path, long maxBytes, DateTimeOffset now, bool alreadyChecked = false)
    {
        _path = path;
        _writer = Connect(path);
        try
        {
            SpoolSchema.Prepare(_writer, maxBytes, now, alreadyChecked);
            _reader = Connect(path);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }

        _begin = Prepare(_writer, "BEGIN IMMEDIATE");
        _commit = Prepare(_writer, "COMMIT");
        _rollback = Prepare(_writer, "ROLLBACK");
        _insert = Prepare(_writer, "INSERT INTO event (body, appended_at, checksum) VALUES ($body, $at, $checksum)", "$body", "$at", "$checksum");
        _delete = Prepare(_writer, "DELETE FROM event WHERE sequence BETWEEN $first AND $last", "$first", "$last");
        _read = Prepare(_reader, "SELECT sequence, body, checksum FROM event ORDER BY sequence LIMIT $max", "$max");
    }

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void TryRollback()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // A full or failing disk has already rolled the transaction back.
        }
    }

    public void Insert(byte[] body, DateTimeOffset now)
    {
        _insert.Parameters[0].Value = body;
        _insert.Parameters[1].Value = now.ToUnixTimeMilliseconds();
        _insert.Parameters[2].Value = SpoolChecksum.Of(body);
        _insert.ExecuteNonQuery();
    }

    /// <summary>Number of the event that was inserted last over the connection of the writer.</summary>
    public long LastInserted()
    {
        using var command = Prepare(_writer, "SELECT last_insert_rowid()");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Number of the last event that was ever inserted, delivered ones included.</summary>
    public long LastEver()
    {
        using var command = Prepare(_writer, "SELECT seq FROM sqlite_sequence WHERE name = 'event'");
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Notes that nobody holds the slot after this number.</summary>
    public void MarkEnded(long sequence)
    {
        using var command = Prepare(_writer, "INSERT OR REPLACE INTO ending (id, sequence) VALUES (0, $sequence)", "$sequence");
        command.Parameters[0].Value = sequence;
        command.ExecuteNonQuery();
    }

    /// <summary>True when the last number that was given is the one with which an adopting process ended the slot.</summary>
    public bool IsEnded => Scalar("SELECT count(*) FROM ending e JOIN sqlite_sequence s ON s.name = 'event' AND s.seq = e.sequence") > 0;

    public int Delete(long first, long last)
    {
        _delete.Parameters[0].Value = first;
        _delete.Parameters[1].Value = last;
        return _delete.ExecuteNonQuery();
    }

    public int MoveAside(long sequence, string reason, DateTimeOffset now)
    {
        using var move = Prepare(_writer,
            "INSERT OR REPLACE INTO quarantine (sequence, body, reason, quarantined_at) SELECT sequence, body, $reason, $at FROM event WHERE sequence = $sequence",
            "$reason", "$at", "$sequence");
        move.Parameters[0].Value = reason;
        move.Parameters[1].Value = now.ToUnixTimeMilliseconds();
        move.Parameters[2].Value = sequence;
        move.ExecuteNonQuery();
        return Delete(sequence, sequence);
    }

    /// <summary>The oldest rows without a gap in their numbers, at most so many rows and about so many bytes.</summary>
    public List<SpoolRow> ReadOldest(int maxRows, int maxBytes)
    {
        lock (_reading)
        {
            _read.Parameters[0].Value = maxRows;
            using var reader = _read.ExecuteReader();
            var rows = new List<SpoolRow>();
            for (long bytes = 0; bytes < maxBytes && reader.Read();)
            {
                var row = new SpoolRow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
                if (rows.Count > 0 && row.Sequence != rows[^1].Sequence + 1)
                {
                    break;
                }

                rows.Add(row);
                bytes += row.Body.Length;
            }

            return rows;
        }
    }

    public long CountEvents() => Scalar("SELECT count(*) FROM event") ?? 0;

    public long CountQuarantined() => Scalar("SELECT count(*) FROM quarantine") ?? 0;

    /// <summary>Size on disk with its log.</summary>
    public long Bytes => Length(_path) + Length(_path + "-wal");

    public DateTimeOffset? OldestAppendedAt() =>
        Scalar("SELECT appended_at FROM event ORDER BY sequence LIMIT 1") is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[_begin, _commit, _rollback, _insert, _delete, _read])
        {
            command.Dispose();
        }

        _reader.Dispose();
        _writer.Dispose();
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Pooling = false, DefaultTimeout = 5,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string statement, params string[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only literals of this class come here.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private long? Scalar(string query)
    {
        lock (_reading)
        {
            using var command = Prepare(_reader, query);
            return (long?)command.ExecuteScalar();
        }
    }
}
