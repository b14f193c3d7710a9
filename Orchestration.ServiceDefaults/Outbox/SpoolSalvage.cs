using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Reads what can still be read of a damaged spool file.</summary>
/// <remarks>
/// The ledger takes any number of copies, so an event that was delivered before may be found again; one whose checksum is not
/// its own may not be.
/// </remarks>
internal static class SpoolSalvage
{
    /// <summary>Numbers between the readable ends that are asked for one by one.</summary>
    private const long MaxProbes = 2_000_000;

    /// <summary>Larger files are not searched byte by byte: a start has no minutes.</summary>
    private const long MaxCarvedBytes = 512L * 1024 * 1024;

    private static ReadOnlySpan<byte> BodyStart => "{\"eventId\":\""u8;

    public static List<byte[]> Read(string path)
    {
        // Before the file is opened, since closing it again may remove its log.
        var carved = Carve(path);
        var found = new SortedDictionary<long, byte[]>();
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            connection.Open();
            var last = Scan(connection, "SELECT sequence, body, checksum FROM event ORDER BY sequence", found) ?? long.MinValue;
            var first = Scan(connection, "SELECT sequence, body, checksum FROM event ORDER BY sequence DESC", found) ?? long.MaxValue;
            Probe(connection, last, first, found);
        }
        catch (SqliteException)
        {
            // Not even its tables can be read: the bytes remain.
        }

        return [.. found.Values.Concat(carved).DistinctBy(body => SpoolChecksum.Of(body))];
    }

    /// <returns>The last number before the damage; null when nothing came before it.</returns>
    private static long? Scan(SqliteConnection connection, string query, SortedDictionary<long, byte[]> found)
    {
        long? last = null;
        try
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only literals of this class come here.
            command.CommandText = query;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                Keep(reader, found);
                last = reader.GetInt64(0);
            }
        }
        catch (SqliteException)
        {
            // The rows up to here are good.
        }

        return last;
    }

    private static void Probe(SqliteConnection connection, long last, long first, SortedDictionary<long, byte[]> found)
    {
        if (last == long.MinValue || first == long.MaxValue || first - last > MaxProbes)
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, body, checksum FROM event WHERE sequence = $sequence";
        var number = command.Parameters.Add("$sequence", SqliteType.Integer);
        for (var sequence = last + 1; sequence < first; sequence++)
        {
            number.Value = sequence;
            try
            {
                using var reader = command.ExecuteReader();
                if (reader.Read())
                {
                    Keep(reader, found);
                }
            }
            catch (SqliteException)
            {
                // This one is gone, the next one may not be.
            }
        }
    }

    private static void Keep(SqliteDataReader reader, SortedDictionary<long, byte[]> found)
    {
        if (reader.GetValue(1) is byte[] body && reader.GetValue(2) is long checksum && SpoolChecksum.Of(body) == checksum)
        {
            found[reader.GetInt64(0)] = body;
        }
    }

    /// <summary>Bodies that stand whole in the bytes of the file or of its log, in front of their time and their checksum.</summary>
    private static List<byte[]> Carve(string path)
    {
        var carved = new List<byte[]>();
        foreach (var file in new[] { path, path + "-wal" }.Where(file => File.Exists(file) && new FileInfo(file).Length < MaxCarvedBytes))
        {
            var bytes = File.ReadAllBytes(file);
            for (int at = 0, next; (next = bytes.AsSpan(at).IndexOf(BodyStart)) >= 0; at += next + 1)
            {
                if (BodyAt(bytes.AsSpan(at + next)) is { } body)
                {
                    carved.Add(body);
                }
            }
        }

        return carved;
    }

    private static byte[]? BodyAt(ReadOnlySpan<byte> bytes)
    {
        const int TimeBytes = 6;
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        var length = (int)reader.BytesConsumed;
        var behind = bytes[length..];
        return behind.Length >= TimeBytes + sizeof(long)
            && BinaryPrimitives.ReadInt64BigEndian(behind[TimeBytes..]) == SpoolChecksum.Of(bytes[..length])
            ? bytes[..length].ToArray()
            : null;
    }
}
