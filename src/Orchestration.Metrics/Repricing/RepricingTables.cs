namespace Orchestration.Metrics.Repricing;

/// <summary>The statements that change the ledger, one chunk at a time.</summary>
internal static class RepricingTables
{
    private const string Pending = "state = 'pending'";
    private const string Counting = "state IN ('applied', 'adjusted')";

    /// <summary>The closed month of a row, its own tenant's before everybody's; none for an open one.</summary>
    private const string ClosedMonth = """
        LEFT JOIN LATERAL (
            SELECT m.month, m.time_zone FROM closed_months m
            WHERE m.tenant_id IN ('', c.tenant_id) AND c.request_started_at >= m.period_from AND c.request_started_at < m.period_to
            ORDER BY m.tenant_id DESC LIMIT 1) m ON true
        """;

    /// <summary>What adjustment lines make of an attempt of a closed month; none where they left it alone.</summary>
    private static string Adjusted(string attempt) => $"""
        LEFT JOIN LATERAL (
            SELECT x.price_after, x.cost_after, x.billed_after FROM repriced_attempts x
            WHERE x.attempt_id = {attempt} AND x.state = 'adjusted' ORDER BY x.repricing_id DESC LIMIT 1) e ON true
        """;

    /// <summary>
    /// Attempts of a period after a cursor. What adjustment lines changed already counts as charged. The range of ids only prunes
    /// partitions: an attempt is never older than its request, and clocks differ by less than a day.
    /// </summary>
    public static readonly string Read = $"""
        SELECT a.id, a.request_id, a.tenant_id, a.project_id, a.deployment, a.provider, a.model, a.region, a.currency, a.cost_currency, a.simulated,
               a.request_started_at, a.started_at, a.rate,
               coalesce(e.price_after, a.price)::text, coalesce(e.cost_after, a.cost), coalesce(e.billed_after, a.billed),
               a.input_tokens, a.cache_read_tokens, a.cache_write_tokens, a.cache_write_one_hour_tokens, a.audio_input_tokens,
               a.output_tokens, a.reasoning_tokens, a.audio_output_tokens, a.search_units, a.thinking, a.service_tier
        FROM attempts a
        {Adjusted("a.id")}
        WHERE a.id > $1 AND a.id >= first_uuid_at($2 - interval '1 day') AND a.id < first_uuid_at($3 + interval '3 days')
          AND a.request_started_at >= $2 AND a.request_started_at < $3
          AND a.cost IS NOT NULL AND a.billed IS NOT NULL AND a.input_tokens IS NOT NULL
          AND ($4 = '' OR a.tenant_id = $4) AND ($5 = '' OR a.project_id = $5) AND ($6 = '' OR a.provider = $6) AND ($7 = '' OR a.model = $7)
          AND ($8 = '' OR a.region = $8) AND ($9 = '' OR a.deployment = $9) AND ($10 = '' OR coalesce(e.price_after, a.price)->>'priceId' = $10)
          AND ($11 OR NOT a.simulated)
        ORDER BY a.id LIMIT $12
        """;

    public const string Copy = """
        COPY repriced_attempts (repricing_id, attempt_id, request_id, tenant_id, project_id, provider, model, currency, cost_currency, simulated,
            request_started_at, price_before, price_after, cost_before, cost_after, billed_before, billed_after, state) FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>The rows that <see cref="Apply"/> takes next.</summary>
    public static readonly string NextPending = Next(Pending);

    /// <summary>The rows that <see cref="Reverse"/> takes next.</summary>
    public static readonly string NextCounting = Next(Counting);

    /// <summary>Makes one chunk count. Returns how many rows it took.</summary>
    public static readonly string Apply = Change(Pending, "after", "before", "applied", "adjusted", reversal: false);

    /// <summary>
    /// Puts back one chunk. Returns how many rows it took. A row that was applied lies in an open month: closing one in between
    /// forbids reversing.
    /// </summary>
    public static readonly string Reverse = Change(Counting, "before", "after", "reversed", "reversed", reversal: true);

    private static string Next(string taken) =>
        $"SELECT attempt_id, request_id FROM repriced_attempts WHERE repricing_id = $1 AND {taken} ORDER BY attempt_id LIMIT $2";

    // The ledger is changed only where it still says what the re-pricing was computed from. Nothing but the locked attempts of $2 is taken: rollups
    // and budgets would not follow any other.
    private static string Change(string taken, string to, string from, string changed, string adjusted, bool reversal) => $"""
        WITH chunk AS MATERIALIZED (
            SELECT * FROM repriced_attempts WHERE repricing_id = $1 AND {taken} AND attempt_id = ANY ($2) ORDER BY attempt_id FOR UPDATE),
        placed AS MATERIALIZED (
            SELECT c.*, m.month, CASE WHEN m.month IS NOT NULL THEN {OpenMonths.At("$3", "m.time_zone", "c.tenant_id")} END AS booked_in,
                coalesce(coalesce(e.cost_after, a.cost) = c.cost_{from} AND coalesce(e.billed_after, a.billed) = c.billed_{from}, false) AS is_charged
            FROM chunk c LEFT JOIN attempts a ON a.id = c.attempt_id {ClosedMonth} {Adjusted("c.attempt_id")}),
        changed AS (
            UPDATE attempts a SET cost = p.cost_{to}, billed = p.billed_{to}, price = p.price_{to}
            FROM placed p WHERE p.month IS NULL AND a.id = p.attempt_id AND a.cost = p.cost_{from} AND a.billed = p.billed_{from}
            RETURNING a.id, a.request_id, p.billed_{to} - p.billed_{from} AS difference),
        sums AS (
            UPDATE requests r SET cost = r.cost + d.difference
            FROM (SELECT request_id, sum(difference) AS difference FROM changed GROUP BY request_id) d
            -- What nobody has summed yet is summed by the recovery, from the new amounts.
            WHERE r.id = d.request_id AND r.cost IS NOT NULL AND NOT (r.settlement = 'estimated' AND r.cost = 0)),
        lines AS (
            INSERT INTO adjustments (id, tenant_id, project_id, provider, model, currency, amount, belongs_to, booked_in, reason, actor, repricing_id, reversal, created_at)
            SELECT gen_random_uuid(), tenant_id, project_id, provider, model, currency, sum(billed_{to} - billed_{from}), month,
                   booked_in, $4, $5, $1, {(reversal ? "true" : "false")}, $3
            FROM placed WHERE month IS NOT NULL AND is_charged AND NOT simulated
            GROUP BY tenant_id, project_id, provider, model, currency, month, booked_in
            ON CONFLICT (repricing_id, reversal, tenant_id, project_id, provider, model, currency, belongs_to, booked_in)
            DO UPDATE SET amount = adjustments.amount + excluded.amount),
        marked AS (
            UPDATE repriced_attempts x
            SET state = CASE WHEN p.month IS NOT NULL AND p.is_charged THEN '{adjusted}' WHEN EXISTS (SELECT FROM changed WHERE changed.id = p.attempt_id) THEN '{changed}' ELSE 'stale' END
            FROM placed p WHERE x.repricing_id = p.repricing_id AND x.attempt_id = p.attempt_id
            RETURNING 1)
        SELECT count(*) FROM marked
        """;
}
