using Npgsql;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Indexes that are dropped before many rows are written and made again afterwards, which takes a fraction of the time.</summary>
internal sealed class SetAsideIndexes
{
    private const string Secondary = """
        SELECT i.indrelid::regclass::text, format('DROP INDEX %I', c.relname), replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = ANY ($1::regclass[]) AND NOT i.indisprimary
        """;

    private const string Keys = """
        SELECT conrelid::regclass::text, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = ANY ($1::regclass[]) AND contype = 'p'
        """;

    private readonly NpgsqlDataSource _database;
    private readonly ILookup<string, string> _making;

    private SetAsideIndexes(NpgsqlDataSource database, ILookup<string, string> making) => (_database, _making) = (database, making);

    /// <summary>Drops all indexes but the keys.</summary>
    public static Task<SetAsideIndexes> TakeAsync(NpgsqlDataSource database, string[] tables, CancellationToken cancellationToken) =>
        TakeAsync(database, Secondary, tables, cancellationToken);

    /// <summary>Drops the keys.</summary>
    public static Task<SetAsideIndexes> TakeKeysAsync(NpgsqlDataSource database, string[] tables, CancellationToken cancellationToken) =>
        TakeAsync(database, Keys, tables, cancellationToken);

    public async Task PutBackAsync(ProgressTask progress, CancellationToken cancellationToken)
    {
        progress.MaxValue = _making.Sum(table => table.Count());
        // Two at once on one table would choose the same names for its partitions.
        await Parallel.ForEachAsync(_making, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (table, cancellation) =>
        {
            foreach (var statement in table)
            {
                await _database.DoAsync(statement, cancellation);
                progress.Increment(1);
            }
        });
    }

    private static async Task<SetAsideIndexes> TakeAsync(NpgsqlDataSource database, string query, string[] tables, CancellationToken cancellationToken)
    {
        var found = new List<(string Table, string Dropping, string Making)>();
        await using (var command = database.CreateCommand(query))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tables });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        foreach (var index in found)
            await database.DoAsync(index.Dropping, cancellationToken);
        return new SetAsideIndexes(database, found.ToLookup(index => index.Table, index => index.Making));
    }
}
