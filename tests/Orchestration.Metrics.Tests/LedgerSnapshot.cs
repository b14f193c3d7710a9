using Npgsql;

namespace Orchestration.Metrics.Tests;

/// <summary>Rows as Postgres itself prints them, so that a comparison leaves out no digit and no column but the time of recording.</summary>
internal static class LedgerSnapshot
{
    public static async Task<IReadOnlyList<string>> RowsAsync(this NpgsqlDataSource database, string table, params Guid[] ids)
    {
        await using var command = database.CreateCommand($"SELECT (to_jsonb(t) - 'recorded_at')::text FROM {table} t WHERE id = ANY ($1) ORDER BY id");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }

    public static async Task<long> CountAsync(this NpgsqlDataSource database, string from)
    {
        await using var command = database.CreateCommand($"SELECT count(*) FROM {from}");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
