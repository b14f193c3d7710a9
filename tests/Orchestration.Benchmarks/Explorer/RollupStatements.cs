namespace Orchestration.Benchmarks.Explorer;

/// <summary>
/// The rollups of one month, computed by the database from the rows: what the ledger itself keeps by differences, told a second time in
/// another language, so that the two can be compared.
/// </summary>
internal static class RollupStatements
{
    private static readonly string[] Counts =
    [
        "requests", "failed_requests", "cache_hits", "estimated", "recovered", "attempts", "failed_attempts", "fallbacks", "input_tokens", "cache_read_tokens",
        "cache_write_tokens", "cache_write_one_hour_tokens", "audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens", "search_units",
    ];

    private static readonly string Measures = string.Join(", ", (string[])[.. Counts, "cost", "saved", "billed"]);
    private static readonly string Sums = string.Join(", ", Counts.Select(count => $"sum({count})::bigint AS {count}").Concat(["sum(cost) AS cost", "sum(saved) AS saved", "sum(billed) AS billed"]));

    /// <summary>Dimensions with the columns that hold value and detail.</summary>
    private static readonly (string Name, string Value, string Detail)[] Slices =
    [
        ("total", "''", "''"), ("project", "project_id", "''"), ("key", "key_id", "''"), ("provider", "provider", "''"), ("model", "model", "provider"),
        ("route", "route", "''"), ("class", "request_class", "''"), ("purpose", "purpose", "''"),
        ("project_model", "project_id", "provider || E'\\x1e' || model"),
    ];

    private const string Cell = "tenant_id, bucket, project_id, key_id, provider, model, route, request_class, purpose, currency, simulated";

    // Days are sums of what was just written: far fewer rows than the cells.
    private static readonly string DaysOfQuarters = $"""
        INSERT INTO usage_slices (tenant_id, dimension, grain, bucket, value, detail, currency, simulated, {Measures})
        SELECT tenant_id, dimension, 'day', date_trunc('day', bucket, 'UTC') AS place, value, detail, currency, simulated, {Sums}
        FROM written GROUP BY tenant_id, dimension, place, value, detail, currency, simulated ORDER BY place
        """;

    private static readonly string MonthsOfDays = DaysOfQuarters.Replace("'day'", "'month'", StringComparison.Ordinal);

    private const string DaySketchesOfHours = """
        INSERT INTO latency_sketches (tenant_id, dimension, grain, bucket, value, detail, simulated, measure, steps, counts)
        SELECT tenant_id, dimension, 'day', place, value, detail, simulated, measure, array_agg(step ORDER BY step), array_agg(times ORDER BY step)
        FROM (SELECT tenant_id, dimension, date_trunc('day', bucket, 'UTC') AS place, value, detail, simulated, measure, step, sum(told)::bigint AS times
              FROM written CROSS JOIN LATERAL unnest(steps, counts) AS pair(step, told) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS counted
        GROUP BY tenant_id, dimension, place, value, detail, simulated, measure ORDER BY place
        """;

    /// <summary>In their order; the first two make tables that the others read and the last one drops.</summary>
    public static IEnumerable<string> Of(string month)
    {
        yield return $"CREATE UNLOGGED TABLE cells_{month} AS SELECT {Cell}, {Sums} FROM ({Told(month)}) AS told GROUP BY {Cell} ORDER BY bucket";
        yield return $"CREATE UNLOGGED TABLE steps_{month} AS {Steps(month)}";
        yield return $"INSERT INTO usage_cells ({Cell}, {Measures}) SELECT {Cell}, {Measures} FROM cells_{month}";
        foreach (var slice in Slices)
        {
            yield return $"WITH written AS ({Slice($"cells_{month}", "quarter", "bucket", slice)} RETURNING *) {DaysOfQuarters}";
        }

        var users = Slice($"({Told(month)}) AS told", "day", "date_trunc('day', bucket, 'UTC')", ("end_user", "end_user", "''"), "WHERE end_user <> ''");
        var tags = Slice($"({Told(month)}) AS told CROSS JOIN LATERAL jsonb_each_text(tags) AS tag(name, label)", "day", "date_trunc('day', bucket, 'UTC')", ("tag", "tag.name", "tag.label"));
        yield return $"WITH written AS ({users} RETURNING *) {MonthsOfDays}";
        yield return $"WITH written AS ({tags} RETURNING *) {MonthsOfDays}";
        yield return Costs(month);
        yield return Failures(month);
        foreach (var slice in Slices.Where(slice => slice.Name is not ("purpose" or "project_model")))
        {
            yield return $"WITH written AS ({HourSketch(month, slice)} RETURNING *) {DaySketchesOfHours}";
        }

        yield return $"DROP TABLE cells_{month}, steps_{month}";
    }

    private static string Slice(string from, string grain, string bucket, (string Name, string Value, string Detail) slice, string where = "") => $"""
        INSERT INTO usage_slices (tenant_id, dimension, grain, bucket, value, detail, currency, simulated, {Measures})
        SELECT tenant_id, '{slice.Name}', '{grain}', place, slice_value, slice_detail, currency, simulated, {Sums}
        FROM (SELECT *, {bucket} AS place, {slice.Value} AS slice_value, {slice.Detail} AS slice_detail FROM {from} {where}) AS placed
        GROUP BY tenant_id, place, slice_value, slice_detail, currency, simulated ORDER BY place
        """;

    /// <summary>What each row of a month counts, as one table.</summary>
    private static string Told(string month) => $"""
        SELECT tenant_id, date_bin('15 minutes', started_at, 'epoch') AS bucket, project_id, key_id, coalesce(provider, '') AS provider, coalesce(model, '') AS model,
            route, request_class, purpose, currency, simulated, end_user, tags,
            1 AS requests, (status IS DISTINCT FROM 'ok')::int AS failed_requests, coalesce(cache IN ('hit', 'semantic_hit'), false)::int AS cache_hits,
            (settlement = 'estimated')::int AS estimated, (settlement = 'recovered')::int AS recovered, 0 AS attempts, 0 AS failed_attempts, 0 AS fallbacks,
            0::bigint AS input_tokens, 0::bigint AS cache_read_tokens, 0::bigint AS cache_write_tokens, 0::bigint AS cache_write_one_hour_tokens,
            0::bigint AS audio_input_tokens, 0::bigint AS output_tokens, 0::bigint AS reasoning_tokens, 0::bigint AS audio_output_tokens, 0::bigint AS search_units,
            coalesce(cost, 0) AS cost, coalesce(baseline - cost, 0) AS saved, 0::numeric AS billed
        FROM requests_{month} WHERE settlement IS NOT NULL
        UNION ALL
        SELECT tenant_id, date_bin('15 minutes', request_started_at, 'epoch'), project_id, key_id, provider, model,
            route, request_class, purpose, currency, simulated, end_user, tags,
            0, 0, 0, 0, 0, 1, (outcome <> 'succeeded')::int, (outcome = 'succeeded' AND ordinal > 0)::int,
            coalesce(input_tokens, 0), coalesce(cache_read_tokens, 0), coalesce(cache_write_tokens, 0), coalesce(cache_write_one_hour_tokens, 0),
            coalesce(audio_input_tokens, 0), coalesce(output_tokens, 0), coalesce(reasoning_tokens, 0), coalesce(audio_output_tokens, 0), coalesce(search_units, 0),
            0, 0, coalesce(billed, 0)
        FROM attempts_{month} WHERE settlement IS NOT NULL
        """;

    private static string Costs(string month) => $"""
        INSERT INTO provider_costs (tenant_id, bucket, provider, model, cost_currency, currency, simulated, attempts, cost, billed)
        SELECT tenant_id, date_bin('15 minutes', request_started_at, 'epoch') AS bucket, provider, model, coalesce(cost_currency, ''), currency, simulated,
            count(*), sum(coalesce(cost, 0)), sum(coalesce(billed, 0))
        FROM attempts_{month} WHERE settlement IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 2
        """;

    private static string Failures(string month) => $"""
        INSERT INTO usage_failures (tenant_id, bucket, of_attempts, code, project_id, key_id, provider, model, simulated, count)
        SELECT tenant_id, date_bin('15 minutes', began, 'epoch') AS bucket, of_attempts, code, project_id, key_id, provider, model, simulated, count(*)
        FROM (SELECT tenant_id, started_at AS began, false AS of_attempts, status AS code, project_id, key_id, coalesce(provider, '') AS provider, coalesce(model, '') AS model, simulated
              FROM requests_{month} WHERE settlement IS NOT NULL AND status <> 'ok'
              UNION ALL
              SELECT tenant_id, request_started_at, true, failure_code, project_id, key_id, provider, model, simulated
              FROM attempts_{month} WHERE settlement IS NOT NULL AND outcome <> 'succeeded') AS failed
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 2
        """;

    // Logarithmic steps of 2 %: requests by what asked, attempts by what answered.
    private static string Steps(string month) => $"""
        SELECT tenant_id, date_bin('1 hour', began, 'epoch') AS bucket, of_attempts, project_id, key_id, provider, model, route, request_class, simulated, measure,
            CASE WHEN told <= 1 THEN 0 ELSE ceil(ln(least(told, 86400000)) / ln(1.02::float8 / 0.98::float8))::int END AS step
        FROM (SELECT tenant_id, started_at AS began, false AS of_attempts, project_id, key_id, '' AS provider, '' AS model, route, request_class, simulated,
                  (extract(epoch FROM completed_at - started_at) * 1000)::float8 AS duration_ms, time_to_first_token_ms
              FROM requests_{month} WHERE settlement IS NOT NULL AND status = 'ok' AND completed_at IS NOT NULL
              UNION ALL
              SELECT tenant_id, request_started_at, true, '', '', provider, model, '', '', simulated, duration_ms, time_to_first_token_ms
              FROM attempts_{month} WHERE settlement IS NOT NULL AND outcome = 'succeeded') AS ended
        CROSS JOIN LATERAL (VALUES ('duration', duration_ms), ('first_token', time_to_first_token_ms)) AS measures(measure, told)
        WHERE told IS NOT NULL
        """;

    private static string HourSketch(string month, (string Name, string Value, string Detail) slice) => $"""
        INSERT INTO latency_sketches (tenant_id, dimension, grain, bucket, value, detail, simulated, measure, steps, counts)
        SELECT tenant_id, '{slice.Name}', 'hour', bucket, slice_value, slice_detail, simulated, measure,
            array_agg(step ORDER BY step), array_agg(times ORDER BY step)
        FROM (SELECT tenant_id, bucket, {slice.Value} AS slice_value, {slice.Detail} AS slice_detail, simulated, measure, step, count(*) AS times
              FROM steps_{month} WHERE of_attempts = {(slice.Name is "provider" or "model" ? "true" : "false")} GROUP BY 1, 2, 3, 4, 5, 6, 7) AS counted
        GROUP BY tenant_id, bucket, slice_value, slice_detail, simulated, measure ORDER BY bucket
        """;
}
