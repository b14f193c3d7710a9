using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Recording;

/// <summary>Puts events aside, whole and once.</summary>
internal static class Quarantine
{
    private const string Insert = """
        INSERT INTO quarantined_events
            (event_id, type, payload_version, payload, reason, instance, sequence, trace_parent, occurred_at, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
        ON CONFLICT (event_id) DO NOTHING
        """;

    public static async Task InsertAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RefusedEvent> refused,
        CancellationToken cancellationToken)
    {
        if (refused.Count == 0)
            return;

        await using var batch = connection.CreateBatch();
        foreach (var item in refused.OrderBy(KeyOf))
            batch.BatchCommands.Add(ToCommand(item));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand ToCommand(RefusedEvent refused)
    {
        var source = refused.Source;
        return new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = KeyOf(refused) },
                new NpgsqlParameter<string> { TypedValue = Storable(source.Event.Type) },
                new NpgsqlParameter<int> { TypedValue = source.Event.PayloadVersion },
                new NpgsqlParameter<string> { TypedValue = Storable(source.Event.Payload) },
                new NpgsqlParameter<string> { TypedValue = refused.Reason },
                new NpgsqlParameter<string> { TypedValue = Storable(source.Instance) },
                new NpgsqlParameter<long> { TypedValue = source.Sequence },
                new NpgsqlParameter<string?> { TypedValue = source.Event.TraceParent is { } parent ? Storable(parent) : null, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<DateTimeOffset?> { TypedValue = OccurredAt(refused), NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
    }

    /// <summary>The event's id; without one, an id made from its place in its slot, which a second delivery has too.</summary>
    private static Guid KeyOf(RefusedEvent refused)
    {
        var source = refused.Source;
        if (source.Event.EventId != Guid.Empty)
            return source.Event.EventId;

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{source.Instance}\n{source.Sequence}\n{source.Event.Type}\n{source.Event.Payload}")));
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static DateTimeOffset? OccurredAt(RefusedEvent refused) =>
        Rules.Moment("occurred_at", refused.Source.Event.OccurredAt) is null
            ? refused.Source.Event.OccurredAt.ToUniversalTime()
            : null;

    // Postgres has no NUL in text, and no UTF-16 halves.
    private static string Storable(string? text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).Replace('\0', '\uFFFD');
}
