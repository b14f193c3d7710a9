namespace Orchestration.Metrics.Reconciliation.Checks;

/// <summary>
/// The questions that are asked of one day of UTC: $1 its first instant, $2 that of the next day, $3 how long work may be open, $4 most
/// rows. Each reads one day's range of ids; the margins are for clocks that differ.
/// </summary>
internal static class DayChecks
{
    private const string RequestsOfDay = """
        requests r WHERE r.id >= first_uuid_at($1 - interval '1 hour') AND r.id < first_uuid_at($2 + interval '1 hour')
            AND r.started_at >= $1 AND r.started_at < $2
        """;

    private const string AttemptsOfDay = """
        attempts a WHERE a.id >= first_uuid_at($1 - interval '1 hour') AND a.id < first_uuid_at($2 + interval '1 day')
            AND a.request_started_at >= $1 AND a.request_started_at < $2
        """;

    /// <summary>Requests beside their attempts.</summary>
    public const string Requests = $"""
        WITH sums AS (
            SELECT a.tenant_id, a.request_id, count(*) AS attempts, sum(a.billed) AS billed, bool_or(a.settlement IS NULL) AS is_open
            FROM {AttemptsOfDay} GROUP BY a.tenant_id, a.request_id)
        SELECT c.kind, r.tenant_id, r.id::text, c.expected, c.actual, count(*) OVER ()
        FROM (SELECT r.* FROM {RequestsOfDay} AND r.recorded_at < now() - $3) r
        LEFT JOIN sums s ON s.tenant_id = r.tenant_id AND s.request_id = r.id
        CROSS JOIN LATERAL (VALUES
            ('request_cost', r.settlement IS NOT NULL AND NOT coalesce(s.is_open, false) AND r.cost <> coalesce(s.billed, 0),
                coalesce(s.billed, 0)::text, r.cost::text),
            ('attempt_count', r.settlement IS NOT NULL AND r.attempt_count <> coalesce(s.attempts, 0),
                r.attempt_count::text, coalesce(s.attempts, 0)::text),
            ('request_overdue', r.settlement IS NULL, 'settled', 'open'),
            ('request_not_admitted', r.admitted_event_id IS NULL, 'RequestAdmitted', 'missing')
        ) c (kind, is_gap, expected, actual)
        WHERE c.is_gap ORDER BY r.id LIMIT $4
        """;

    /// <summary>Attempts beside their requests.</summary>
    public const string Attempts = $"""
        SELECT c.kind, a.tenant_id, a.id::text, c.expected, c.actual, count(*) OVER ()
        FROM (SELECT a.* FROM {AttemptsOfDay} AND a.recorded_at < now() - $3) a
        LEFT JOIN requests r ON r.id = a.request_id AND r.tenant_id = a.tenant_id
        CROSS JOIN LATERAL (VALUES
            ('attempt_without_request', r.id IS NULL, a.request_id::text, 'missing'),
            ('attempt_overdue', a.settlement IS NULL AND r.id IS NOT NULL, 'settled', 'open'),
            ('attempt_not_started', a.started_event_id IS NULL, 'AttemptStarted', 'missing')
        ) c (kind, is_gap, expected, actual)
        WHERE c.is_gap ORDER BY a.id LIMIT $4
        """;

    /// <summary>The rows of the day summed up, beside the rollups of the day.</summary>
    public const string Rollups = $"""
        WITH told AS (
            SELECT r.tenant_id, r.currency, r.simulated, count(*) AS requests, sum(r.cost) AS cost, 0::bigint AS attempts, 0::numeric AS billed,
                0::numeric AS input, 0::numeric AS cache_read, 0::numeric AS cache_write, 0::numeric AS cache_write_hour,
                0::numeric AS audio_input, 0::numeric AS output, 0::numeric AS reasoning, 0::numeric AS audio_output, 0::numeric AS searches
            FROM {RequestsOfDay} AND r.settlement IS NOT NULL GROUP BY 1, 2, 3
            UNION ALL
            SELECT a.tenant_id, a.currency, a.simulated, 0, 0, count(*), sum(a.billed), sum(a.input_tokens), sum(a.cache_read_tokens),
                sum(a.cache_write_tokens), sum(a.cache_write_one_hour_tokens), sum(a.audio_input_tokens), sum(a.output_tokens),
                sum(a.reasoning_tokens), sum(a.audio_output_tokens), sum(a.search_units)
            FROM {AttemptsOfDay} AND a.settlement IS NOT NULL GROUP BY 1, 2, 3
            UNION ALL
            SELECT u.tenant_id, u.currency, u.simulated, -u.requests, -u.cost, -u.attempts, -u.billed, -u.input_tokens, -u.cache_read_tokens,
                -u.cache_write_tokens, -u.cache_write_one_hour_tokens, -u.audio_input_tokens, -u.output_tokens, -u.reasoning_tokens,
                -u.audio_output_tokens, -u.search_units
            FROM usage_slices u WHERE u.dimension IN ('total', 'late') AND u.grain = 'day' AND u.bucket = $1)
        SELECT 'rollup', t.tenant_id, m.name || ' ' || t.currency || CASE WHEN t.simulated THEN ' simulated' ELSE '' END,
            m.ledger::text, m.rollup::text, count(*) OVER ()
        FROM (SELECT tenant_id, currency, simulated FROM told GROUP BY 1, 2, 3) t
        CROSS JOIN LATERAL (
            SELECT v.name, coalesce(sum(v.amount) FILTER (WHERE v.amount > 0), 0) AS ledger,
                coalesce(-sum(v.amount) FILTER (WHERE v.amount < 0), 0) AS rollup
            FROM told o CROSS JOIN LATERAL (VALUES
                ('requests', o.requests::numeric), ('cost', o.cost), ('attempts', o.attempts), ('billed', o.billed), ('input_tokens', o.input),
                ('cache_read_tokens', o.cache_read), ('cache_write_tokens', o.cache_write), ('cache_write_one_hour_tokens', o.cache_write_hour),
                ('audio_input_tokens', o.audio_input), ('output_tokens', o.output), ('reasoning_tokens', o.reasoning),
                ('audio_output_tokens', o.audio_output), ('search_units', o.searches)) v (name, amount)
            WHERE (o.tenant_id, o.currency, o.simulated) = (t.tenant_id, t.currency, t.simulated)
            GROUP BY v.name HAVING sum(v.amount) <> 0) m
        WHERE $3 IS NOT NULL ORDER BY 2, 3 LIMIT $4
        """;
}
