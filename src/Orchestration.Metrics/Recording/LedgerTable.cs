using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// A table whose rows two witnesses fill in, in any order and any number of times. Makes the statement that merges many rows
/// at once and the one that reads back whose word stands.
/// </summary>
internal sealed class LedgerTable<TRow>
    where TRow : ILedgerRow
{
    private readonly IReadOnlyList<LedgerColumn<TRow>> _columns;
    private readonly string _upsert;
    private readonly string _witnesses;

    public LedgerTable(string name, string firstWitness, string secondWitness, IReadOnlyList<LedgerColumn<TRow>> columns)
    {
        _columns = columns;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var arrays = string.Join(", ", columns.Select((_, index) => $"${index + 1}"));
        var merges = columns
            .Where(column => column.Source != ColumnSource.Fixed)
            .Select(column => $"{column.Name} = {Merge(column, firstWitness, secondWitness)}");
        _upsert = $"""
            INSERT INTO {name} AS stored ({names})
            SELECT * FROM unnest({arrays})
            ON CONFLICT (id) DO UPDATE SET {string.Join(", ", merges)}
            WHERE stored.tenant_id = excluded.tenant_id
              AND (stored.{firstWitness} IS NULL AND excluded.{firstWitness} IS NOT NULL
                OR stored.{secondWitness} IS NULL AND excluded.{secondWitness} IS NOT NULL)
            """;
        _witnesses = $"SELECT id, {firstWitness}, {secondWitness} FROM {name} WHERE id = ANY ($1)";
    }

    /// <summary>Adds the merge of all rows, then the question whose word stands.</summary>
    public void AddTo(NpgsqlBatch batch, IReadOnlyCollection<TRow> rows)
    {
        var upsert = new NpgsqlBatchCommand(_upsert);
        foreach (var column in _columns)
            upsert.Parameters.Add(column.Send(rows));
        batch.BatchCommands.Add(upsert);

        var witnesses = new NpgsqlBatchCommand(_witnesses);
        witnesses.Parameters.Add(new NpgsqlParameter<Guid[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
            TypedValue = [.. rows.Select(row => row.Id)],
        });
        batch.BatchCommands.Add(witnesses);
    }

    /// <summary>Reads the answer to <see cref="AddTo"/>: the events whose half of a row was told by a different event.</summary>
    public static async Task ReadContradictionsAsync(
        NpgsqlDataReader reader,
        IReadOnlyCollection<TRow> rows,
        List<RefusedEvent> refused,
        CancellationToken cancellationToken)
    {
        var stored = new Dictionary<Guid, (Guid? First, Guid? Second)>(rows.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            stored[reader.GetGuid(0)] =
                (reader.IsDBNull(1) ? null : reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetGuid(2));
        }

        foreach (var row in rows)
        {
            var (first, second) = stored[row.Id];
            AddIfContradicted(row.First, first, refused);
            AddIfContradicted(row.Second, second, refused);
        }
    }

    private static void AddIfContradicted(SequencedEvent? told, Guid? stored, List<RefusedEvent> refused)
    {
        if (told is not null && told.Event.EventId != stored)
            refused.Add(new RefusedEvent(told, RefusedEvent.Contradiction));
    }

    private static string Merge(LedgerColumn<TRow> column, string firstWitness, string secondWitness)
    {
        var name = column.Name;
        var isNewSecond = $"stored.{secondWitness} IS NULL AND excluded.{secondWitness} IS NOT NULL";
        return column.Source switch
        {
            ColumnSource.First => $"CASE WHEN stored.{firstWitness} IS NULL THEN excluded.{name} ELSE stored.{name} END",
            ColumnSource.Second => $"CASE WHEN stored.{secondWitness} IS NULL THEN excluded.{name} ELSE stored.{name} END",
            ColumnSource.Both => $"CASE WHEN {isNewSecond} THEN excluded.{name} ELSE stored.{name} END",
            ColumnSource.Trace => $"""
                CASE WHEN {isNewSecond} THEN COALESCE(NULLIF(excluded.{name}, ''), stored.{name})
                     ELSE COALESCE(NULLIF(stored.{name}, ''), excluded.{name}) END
                """,
            _ => throw new InvalidOperationException($"{name} is fixed."),
        };
    }
}
