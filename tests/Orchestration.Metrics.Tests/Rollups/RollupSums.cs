using Npgsql;

namespace Orchestration.Metrics.Tests.Rollups;

/// <summary>What the ledger rows of a tenant add up to, computed by PostgreSQL itself, beside what its rollups say.</summary>
internal static class RollupSums
{
    private const string Rows = """
        WITH counted AS (
            SELECT tenant_id, project_id, key_id, end_user, purpose, route, request_class, currency, simulated, tags,
                started_at, coalesce(provider, '') AS provider, coalesce(model, '') AS model,
                1 AS requests, (status IS DISTINCT FROM 'ok')::int AS failed, coalesce(cache IN ('hit', 'semantic_hit'), false)::int AS hits,
                (settlement = 'recovered')::int AS recovered, cost, coalesce(baseline - cost, 0) AS saved,
                0 AS attempts, 0 AS fallbacks, 0::numeric AS billed, 0::bigint AS input, 0::bigint AS output, 0::bigint AS reasoning
            FROM requests WHERE tenant_id = $1 AND settlement IS NOT NULL
            UNION ALL
            SELECT tenant_id, project_id, key_id, end_user, purpose, route, request_class, currency, simulated, tags,
                request_started_at, provider, model, 0, 0, 0, 0, 0, 0,
                1, coalesce(outcome = 'succeeded' AND ordinal > 0, false)::int, coalesce(billed, 0),
                coalesce(input_tokens, 0), coalesce(output_tokens, 0), coalesce(reasoning_tokens, 0)
            FROM attempts WHERE tenant_id = $1 AND settlement IS NOT NULL)
        """;

    private const string Sums = """
        sum(requests)::bigint, sum(failed)::bigint, sum(hits)::bigint, sum(recovered)::bigint, sum(cost)::numeric(30,15), sum(saved)::numeric(30,15),
        sum(attempts)::bigint, sum(fallbacks)::bigint, sum(billed)::numeric(30,15), sum(input)::bigint, sum(output)::bigint, sum(reasoning)::bigint
        """;

    private const string Stored = """
        requests, failed_requests, cache_hits, recovered, cost, saved, attempts, fallbacks, billed, input_tokens, output_tokens, reasoning_tokens
        """;

    private const string Quarters = "date_bin('15 minutes', started_at, 'epoch')";
    private const string Months = "date_trunc('month', started_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'";
    private const string Days = "date_trunc('day', started_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'";

    /// <summary>Fails when any rollup of the tenant is not the sum of its rows.</summary>
    public static async Task ShouldEqualRowsAsync(this NpgsqlDataSource database, string tenantId)
    {
        foreach (var (dimension, value, detail) in Dimensions)
        {
            if (dimension is not ("tag" or "end_user"))
                await CompareAsync(database, tenantId, Slices(dimension, "quarter"), $"{Rows} SELECT {Quarters}, {value}, {detail}, currency, simulated, {Sums} FROM counted GROUP BY 1, 2, 3, 4, 5");
            if (dimension is "tag" or "end_user")
                await CompareAsync(database, tenantId, Slices(dimension, "month"), $"{Rows} SELECT {Months}, {value}, {detail}, currency, simulated, {Sums} FROM {From(dimension)} GROUP BY 1, 2, 3, 4, 5");
            await CompareAsync(database, tenantId, Slices(dimension, "day"), $"{Rows} SELECT {Days}, {value}, {detail}, currency, simulated, {Sums} FROM {From(dimension)} GROUP BY 1, 2, 3, 4, 5");
        }

        await CompareAsync(
            database,
            tenantId,
            $"SELECT bucket, project_id, key_id, provider, model, route, request_class, purpose, currency, simulated, {Stored} FROM usage_cells WHERE tenant_id = $1 AND requests + attempts <> 0",
            $"{Rows} SELECT {Quarters}, project_id, key_id, provider, model, route, request_class, purpose, currency, simulated, {Sums} FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
        await CompareAsync(
            database,
            tenantId,
            "SELECT bucket, provider, model, cost_currency, currency, simulated, attempts, cost, billed FROM provider_costs WHERE tenant_id = $1 AND attempts <> 0",
            """
            SELECT date_bin('15 minutes', request_started_at, 'epoch'), provider, model, coalesce(cost_currency, ''), currency, simulated, count(*), sum(coalesce(cost, 0))::numeric(30,15), sum(coalesce(billed, 0))::numeric(30,15)
            FROM attempts WHERE tenant_id = $1 AND settlement IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
            """);
        await CompareAsync(
            database,
            tenantId,
            "SELECT of_attempts, code, sum(count)::bigint FROM usage_failures WHERE tenant_id = $1 GROUP BY 1, 2 HAVING sum(count) <> 0",
            """
            SELECT false, status, count(*) FROM requests WHERE tenant_id = $1 AND settlement IS NOT NULL AND status <> 'ok' GROUP BY 2
            UNION ALL SELECT true, failure_code, count(*) FROM attempts WHERE tenant_id = $1 AND settlement IS NOT NULL AND outcome <> 'succeeded' GROUP BY 2
            """);
        await CompareAsync(
            database,
            tenantId,
            """
            SELECT grain, dimension, measure, sum(count)::bigint FROM latency_sketches, unnest(counts) AS one(count) WHERE tenant_id = $1 AND dimension IN ('total', 'model')
            GROUP BY 1, 2, 3
            """,
            """
            SELECT grain, dimension, measure, count(*) FROM (
                SELECT 'total' AS dimension, 'duration' AS measure FROM requests WHERE tenant_id = $1 AND status = 'ok' AND settlement IS NOT NULL AND completed_at IS NOT NULL
                UNION ALL SELECT 'total', 'first_token' FROM requests WHERE tenant_id = $1 AND status = 'ok' AND settlement IS NOT NULL AND time_to_first_token_ms IS NOT NULL
                UNION ALL SELECT 'model', 'duration' FROM attempts WHERE tenant_id = $1 AND outcome = 'succeeded' AND settlement IS NOT NULL
                UNION ALL SELECT 'model', 'first_token' FROM attempts WHERE tenant_id = $1 AND outcome = 'succeeded' AND settlement IS NOT NULL AND time_to_first_token_ms IS NOT NULL
            ) AS told, (VALUES ('hour'), ('day')) AS grains(grain) GROUP BY 1, 2, 3
            """);
    }

    private static (string Dimension, string Value, string Detail)[] Dimensions { get; } =
    [
        ("total", "''", "''"),
        ("project", "project_id", "''"),
        ("key", "key_id", "''"),
        ("provider", "provider", "''"),
        ("model", "model", "provider"),
        ("route", "route", "''"),
        ("class", "request_class", "''"),
        ("purpose", "purpose", "''"),
        ("project_model", "project_id", "provider || E'\\x1e' || model"),
        ("end_user", "end_user", "''"),
        ("tag", "tag.name", "tag.label"),
    ];

    private static string From(string dimension) => dimension == "tag" ? "counted, jsonb_each_text(tags) AS tag(name, label)" : "counted";

    private static string Slices(string dimension, string grain) =>
        $"SELECT bucket, value, detail, currency, simulated, {Stored} FROM usage_slices WHERE tenant_id = $1 AND dimension = '{dimension}' AND grain = '{grain}' AND requests + attempts <> 0";

    private static async Task CompareAsync(NpgsqlDataSource database, string tenantId, string rollup, string rows)
    {
        var expected = await LinesAsync(database, tenantId, rows);
        (await LinesAsync(database, tenantId, rollup)).ShouldBe(expected, ignoreOrder: true, rollup);
    }

    private static async Task<List<string>> LinesAsync(NpgsqlDataSource database, string tenantId, string query)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => FormattableString.Invariant($"{reader.GetValue(column)}"))));
        return lines;
    }
}
