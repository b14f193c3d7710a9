using Npgsql;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Reads the ledger's tables themselves: all rows at once, and nothing that stands between.</summary>
internal sealed class LedgerDatabase(Func<string> connectionString)
{
    private const string Requests = "SELECT id, trace_id, completed_event_id IS NOT NULL, coalesce(settlement, '') FROM requests";

    private const string Attempts = """
        SELECT id, request_id, finished_event_id IS NOT NULL, coalesce(outcome, ''), coalesce(settlement, ''),
            coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0),
            coalesce(output_tokens, 0) + coalesce(reasoning_tokens, 0)
        FROM attempts
        """;

    public async Task<LedgerState> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString()};Database=metrics;Pooling=false;Timeout=5;Command Timeout=60");
        await connection.OpenAsync(cancellationToken);
        var requests = await ReadAsync(connection, Requests, row => new LedgerRequestRow(
            row.GetGuid(0).ToString("D"), row.GetString(1), row.GetBoolean(2), row.GetString(3)), cancellationToken);
        var attempts = await ReadAsync(connection, Attempts, row => new LedgerAttemptRow(
            row.GetGuid(0).ToString("D"), row.GetGuid(1).ToString("D"), row.GetBoolean(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6)), cancellationToken);
        var quarantined = await ReadAsync(connection, "SELECT count(*) FROM quarantined_events", row => row.GetInt64(0), cancellationToken);
        return new LedgerState(requests, attempts, quarantined[0]);
    }

    private static async Task<List<TRow>> ReadAsync<TRow>(
        NpgsqlConnection connection, string query, Func<NpgsqlDataReader, TRow> map, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Only literals of this class come here.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(map(reader));
        return rows;
    }
}

internal sealed record LedgerState(IReadOnlyList<LedgerRequestRow> Requests, IReadOnlyList<LedgerAttemptRow> Attempts, long Quarantined)
{
    public int OpenRequests => Requests.Count(row => row.Settlement.Length == 0);

    public int OpenAttempts => Attempts.Count(row => row.Settlement.Length == 0);

    /// <summary>Rows that the sweeper settled: a request that died before its first attempt is released by it.</summary>
    public int Recovered => Requests.Count(row => !row.Completed && row.Settlement.Length > 0) + Attempts.Count(row => !row.Finished && row.Settlement.Length > 0);
}

internal sealed record LedgerRequestRow(string Id, string TraceId, bool Completed, string Settlement);

internal sealed record LedgerAttemptRow(string Id, string RequestId, bool Finished, string Outcome, string Settlement, long Input, long Output);
