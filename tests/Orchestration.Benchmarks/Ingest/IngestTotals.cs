using Npgsql;

namespace Orchestration.Benchmarks.Ingest;

/// <summary>Sums that must agree wherever they are taken: as sent, over the rows, over each kind of rollup.</summary>
internal sealed record IngestTotals(long Requests, long Attempts, decimal Cost, decimal Billed, long Input, long Output)
{
    private const string Usage = "coalesce(sum(requests), 0)::bigint, coalesce(sum(attempts), 0)::bigint, coalesce(sum(cost), 0), coalesce(sum(billed), 0), coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint";

    /// <summary>Every place, by name, that the sums of a run's tenants can be read from.</summary>
    public static IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["rows"] = """
            SELECT r.requests, a.attempts, r.cost, a.billed, a.input, a.output
            FROM (SELECT count(*) AS requests, coalesce(sum(cost), 0) AS cost FROM requests WHERE tenant_id LIKE $1 AND completed_event_id IS NOT NULL AND admitted_event_id IS NOT NULL) r,
                 (SELECT count(*) AS attempts, coalesce(sum(billed), 0) AS billed, coalesce(sum(input_tokens), 0)::bigint AS input, coalesce(sum(output_tokens), 0)::bigint AS output
                  FROM attempts WHERE tenant_id LIKE $1 AND finished_event_id IS NOT NULL AND started_event_id IS NOT NULL) a
            """,
        ["cells"] = $"SELECT {Usage} FROM usage_cells WHERE tenant_id LIKE $1",
        ["days by total"] = Slices("total", "day"),
        ["quarters by model"] = Slices("model", "quarter"),
        ["quarters by key"] = Slices("key", "quarter"),
        ["days by end user"] = Slices("end_user", "day"),
        ["days by tag"] = Slices("tag", "day"),
    };

    public static async Task<IngestTotals> ReadAsync(NpgsqlDataSource database, string query, string tenants, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenants + "%" });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new IngestTotals(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetInt64(4), reader.GetInt64(5));
    }

    private static string Slices(string dimension, string grain) =>
        $"SELECT {Usage} FROM usage_slices WHERE tenant_id LIKE $1 AND dimension = '{dimension}' AND grain = '{grain}'";
}
