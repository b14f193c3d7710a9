using Npgsql;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Indexes that are dropped before many rows are written and made again afterwards, which takes a fraction of the time.</summary>
internal sealed class SetAsideIndexes
{
    private const string Secondary = """
        SELECT format('DROP INDEX %I', c.relname), replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = ANY ($1::regclass[]) AND NOT i.indisprimary
        """;

    private const string Keys = """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = ANY ($1::regclass[]) AND contype = 'p'
        """;

    private readonly NpgsqlDataSource _database;
    private readonly IReadOnlyList<string> _making;

    private SetAsideIndexes(NpgsqlDataSource database, IReadOnlyList<string> making) => (_database, _making) = (database, making);

    /// <summary>Drops all indexes but the keys.</summary>
    public static Task<SetAsideIndexes> TakeAsync(NpgsqlDataSource database, string[] tables, CancellationToken cancellationToken) =>
        TakeAsync(database, Secondary, tables, cancellationToken);

    /// <summary>Drops the keys.</summary>
    public static Task<SetAsideIndexes> TakeKeysAsync(NpgsqlDataSource database, string[] tables, CancellationToken cancellationToken) =>
        TakeAsync(database, Keys, tables, cancellationToken);

    public async Task PutBackAsync(ProgressTask progress, CancellationToken cancellationToken)
    {
        progress.MaxValue = _making.Count;
        await Parallel.ForEachAsync(_making, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (statement, cancellation) =>
        {
            await _database.DoAsync(statement, cancellation);
            progress.Increment(1);
        });
    }

    private static async Task<SetAsideIndexes> TakeAsync(NpgsqlDataSource database, string query, string[] tables, CancellationToken cancellationToken)
    {
        var (dropping, making) = (new List<string>(), new List<string>());
        await using (var command = database.CreateCommand(query))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tables });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                dropping.Add(reader.GetString(0));
                making.Add(reader.GetString(1));
            }
        }

        foreach (var statement in dropping)
            await database.DoAsync(statement, cancellationToken);
        return new SetAsideIndexes(database, making);
    }
}
