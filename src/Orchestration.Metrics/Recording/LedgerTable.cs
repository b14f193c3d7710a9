using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// A table whose rows two witnesses fill in, in any order and any number of times. Makes the statements that merge many rows at
/// once and tell what each counted before and counts now.
/// </summary>
internal sealed class LedgerTable<TRow, TFacts>
    where TRow : ILedgerRow
{
    private readonly IReadOnlyList<LedgerColumn<TRow>> _columns;
    private readonly Func<NpgsqlDataReader, TFacts> _read;
    private readonly string _insert;
    private readonly string _lock;
    private readonly string _merge;

    public LedgerTable(
        string name,
        string firstWitness,
        string secondWitness,
        string facts,
        Func<NpgsqlDataReader, TFacts> read,
        IReadOnlyList<LedgerColumn<TRow>> columns)
    {
        _columns = columns;
        _read = read;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var arrays = string.Join(", ", columns.Select((_, index) => $"${index + 1}"));
        var merges = columns
            .Where(column => column.Source != ColumnSource.Fixed)
            .Select(column => $"{column.Name} = {Merge(column, firstWitness, secondWitness)}");
        var factsOfStored = string.Join(", ", facts.Split(',', StringSplitOptions.TrimEntries).Select(column => $"stored.{column}"));
        _insert = $"""
            INSERT INTO {name} ({names}) SELECT * FROM unnest({arrays})
            ON CONFLICT (id) DO NOTHING RETURNING {facts}
            """;
        _lock = $"SELECT {facts} FROM {name} WHERE id = ANY ($1) ORDER BY id FOR UPDATE";
        _merge = $"""
            UPDATE {name} AS stored SET {string.Join(", ", merges)}
            FROM unnest({arrays}) AS told({names})
            WHERE stored.id = told.id AND stored.tenant_id = told.tenant_id
              AND (stored.{firstWitness} IS NULL AND told.{firstWitness} IS NOT NULL
                OR stored.{secondWitness} IS NULL AND told.{secondWitness} IS NOT NULL)
            RETURNING {factsOfStored}
            """;
    }

    /// <summary>Adds the statement that makes the rows that do not exist yet, and tells which those are.</summary>
    public void AddInsert(NpgsqlBatch batch, IReadOnlyCollection<TRow> rows) => batch.BatchCommands.Add(Send(_insert, rows));

    /// <summary>Adds the statement that locks the rows, which all exist, and tells how they stand.</summary>
    public void AddLock(NpgsqlBatch batch, IReadOnlyCollection<TRow> rows)
    {
        var command = new NpgsqlBatchCommand(_lock);
        command.Parameters.Add(new NpgsqlParameter<Guid[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
            TypedValue = [.. rows.Select(row => row.Id)],
        });
        batch.BatchCommands.Add(command);
    }

    /// <summary>Adds the statement that merges the rows into those that stand, and tells how the changed ones stand now.</summary>
    public void AddMerge(NpgsqlBatch batch, IReadOnlyCollection<TRow> rows) => batch.BatchCommands.Add(Send(_merge, rows));

    /// <summary>Reads the answer to one of the statements.</summary>
    public async Task<List<TFacts>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var facts = new List<TFacts>();
        while (await reader.ReadAsync(cancellationToken))
            facts.Add(_read(reader));
        return facts;
    }

    private NpgsqlBatchCommand Send(string statement, IReadOnlyCollection<TRow> rows)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var column in _columns)
            command.Parameters.Add(column.Send(rows));
        return command;
    }

    private static string Merge(LedgerColumn<TRow> column, string firstWitness, string secondWitness)
    {
        var name = column.Name;
        var isNewSecond = $"stored.{secondWitness} IS NULL AND told.{secondWitness} IS NOT NULL";
        return column.Source switch
        {
            ColumnSource.First => $"CASE WHEN stored.{firstWitness} IS NULL THEN told.{name} ELSE stored.{name} END",
            // What stands without a second witness was recovered; only the witness itself replaces it.
            ColumnSource.Second or ColumnSource.Both => $"CASE WHEN {isNewSecond} THEN told.{name} ELSE stored.{name} END",
            ColumnSource.Trace => $"""
                CASE WHEN {isNewSecond} THEN COALESCE(NULLIF(told.{name}, ''), stored.{name})
                     ELSE COALESCE(NULLIF(stored.{name}, ''), told.{name}) END
                """,
            _ => throw new InvalidOperationException($"{name} is fixed."),
        };
    }
}
