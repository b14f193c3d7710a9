namespace Orchestration.Metrics.Recovery;

/// <summary>The statements of <see cref="OpenWork"/>. Only the database's clock tells what is past due.</summary>
internal static class RecoveryStatements
{
    private const string Summed = """
            SELECT count(*)::int AS attempts, coalesce(sum(a.billed), 0) AS billed,
                coalesce(bool_or(a.settlement IS NULL), false) AS is_open,
                coalesce(bool_or(a.settlement IS NULL AND a.recorded_at >= now() - $1), false) AS is_young,
                coalesce(bool_or(a.settlement = 'recovered'), false) AS is_recovered,
                coalesce(bool_and(a.settlement IN ('exact', 'released')), false) AS is_sure,
                (array_agg(a.provider ORDER BY a.ordinal DESC, a.id DESC))[1] AS provider,
                (array_agg(a.model ORDER BY a.ordinal DESC, a.id DESC))[1] AS model
            FROM attempts a WHERE a.tenant_id = r.tenant_id AND a.request_id = r.id
        """;

    private const string AttemptsOfRequest = $"LATERAL ({Summed})";

    // Looks into the months only that the attempts may lie in: an attempt is never older than its request, and clocks differ by less than a day.
    private const string AttemptsNearRequest = $"""
        LATERAL ({Summed} AND a.id >= first_uuid_at(r.started_at - interval '1 day') AND a.id < first_uuid_at(r.started_at + interval '3 days'))
        """;

    /// <summary>Ids of requests that nobody ended; $1 time open, $2 most.</summary>
    public const string Open = $"""
        SELECT r.id FROM requests r, {AttemptsNearRequest} s
        WHERE r.completed_event_id IS NULL AND r.settlement IS NULL AND r.admitted_event_id IS NOT NULL
          AND r.recorded_at < now() - $1 AND NOT s.is_young
        LIMIT $2
        """;

    /// <summary>Ids of ended requests with attempts that nobody ended; $1 time open, $2 most.</summary>
    public const string Unended = """
        SELECT DISTINCT r.id FROM attempts a JOIN requests r ON r.id = a.request_id AND r.tenant_id = a.tenant_id
        WHERE a.finished_event_id IS NULL AND a.settlement IS NULL AND a.recorded_at < now() - $1
          AND r.settlement IS NOT NULL AND r.recorded_at < now() - $1
        LIMIT $2
        """;

    /// <summary>
    /// Requests that their gateway ended without the summing up of their attempts. A model without a price leaves the same mark on all of its
    /// requests, so that only a part of them is looked at: $1 time open, $2 most, $3 time of watching, $4 the id after which it begins, $5 how
    /// many are looked at. Returns how many were, the last of them, and those that something has to be done about.
    /// </summary>
    public const string Unsummed = $"""
        WITH looked AS MATERIALIZED (
            SELECT r.id, r.tenant_id, r.started_at, r.recorded_at, r.attempt_count FROM requests r
            WHERE r.settlement = 'estimated' AND r.cost = 0 AND r.completed_event_id IS NOT NULL
              AND r.id > $4 AND r.id >= first_uuid_at(now() - $3)
            ORDER BY r.id LIMIT $5)
        SELECT (SELECT count(*)::int FROM looked), (SELECT id FROM looked ORDER BY id DESC LIMIT 1), ARRAY(
            SELECT r.id FROM looked r, {AttemptsNearRequest} s
            WHERE r.recorded_at < now() - $1 AND NOT s.is_open AND (s.billed > 0 OR s.attempts <> r.attempt_count)
            ORDER BY r.id LIMIT $2)
        """;

    /// <summary>Ids of requests that the ledger settled and whose attempts say something else by now; $1 time open, $2 most, $3 time of watching.</summary>
    public const string Moved = $"""
        SELECT r.id FROM recoveries v JOIN requests r ON r.id = v.request_id, {AttemptsNearRequest} s
        WHERE v.recovered_at > now() - $3 AND r.completed_event_id IS NOT DISTINCT FROM v.completed_event_id
          AND NOT s.is_open AND (s.billed <> r.cost OR s.attempts <> r.attempt_count)
        LIMIT $2
        """;

    /// <summary>Ids of the attempts of requests; $1 requests.</summary>
    public const string Attempts = "SELECT a.id FROM requests r JOIN attempts a ON a.tenant_id = r.tenant_id AND a.request_id = r.id WHERE r.id = ANY ($1)";

    // A request whose gateway heard the summing up is told by it; any other one follows its attempts.
    private const string Told = """
        told AS (
            SELECT r.*, r.completed_event_id IS NOT NULL AND NOT (r.settlement = 'estimated' AND r.cost = 0)
                AND NOT EXISTS (SELECT FROM recoveries v WHERE v.request_id = r.id AND v.completed_event_id = r.completed_event_id) AS is_summed
            FROM requests r WHERE r.id = ANY ($2))
        """;

    /// <summary>Ends attempts that nobody told the end of; $1 time open, $2 requests.</summary>
    public const string EndAttempts = $"""
        WITH {Told},
        unended AS (
            SELECT a.id, t.is_summed, t.cost, t.reserved AS most, a.reserved,
                row_number() OVER (PARTITION BY a.request_id, t.is_summed OR a.reserved IS NULL ORDER BY a.ordinal, a.id) AS turn,
                coalesce(sum(a.reserved) OVER (PARTITION BY a.request_id), 0) AS set_aside,
                (SELECT coalesce(sum(e.billed), 0) FROM attempts e
                 WHERE e.tenant_id = t.tenant_id AND e.request_id = t.id AND e.settlement IS NOT NULL) AS ended
            FROM told t JOIN attempts a ON a.tenant_id = t.tenant_id AND a.request_id = t.id
            WHERE a.finished_event_id IS NULL AND a.settlement IS NULL AND a.recorded_at < now() - $1),
        priced AS (
            SELECT id, CASE
                WHEN is_summed THEN CASE WHEN turn = 1 THEN greatest(cost - ended, 0) ELSE 0 END
                WHEN reserved IS NOT NULL THEN reserved
                WHEN turn = 1 THEN greatest(coalesce(most, 0) - ended - set_aside, 0)
                ELSE 0 END AS billed
            FROM unended)
        UPDATE attempts a SET
            settlement = 'recovered', billed = p.billed, cost = least(round(p.billed / a.rate, 15), 999999999999999),
            cost_currency = coalesce(a.price ->> 'currency', a.currency), outcome = 'broken', failure_code = 'process_lost', provider_status = 0,
            finished_at = now(), duration_ms = 0, input_tokens = 0, cache_read_tokens = 0, cache_write_tokens = 0,
            cache_write_one_hour_tokens = 0, audio_input_tokens = 0, output_tokens = 0, reasoning_tokens = 0,
            audio_output_tokens = 0, search_units = 0
        FROM priced p
        WHERE a.id = p.id AND a.finished_event_id IS NULL AND a.settlement IS NULL
        """;

    /// <summary>Settles requests by the sum of their attempts; $1 time open, $2 requests. Returns those that changed.</summary>
    public const string Settle = $"""
        WITH {Told},
        summed AS (
            SELECT r.id, r.cost AS previous, r.settlement AS previous_settlement, s.* FROM told r, {AttemptsOfRequest} s
            WHERE NOT r.is_summed AND NOT s.is_open),
        changed AS (
            UPDATE requests r SET
                settlement = CASE
                    WHEN s.attempts = 0 THEN 'released'
                    WHEN r.completed_event_id IS NULL OR s.is_recovered THEN 'recovered'
                    WHEN s.is_sure THEN 'exact'
                    ELSE 'estimated' END,
                cost = s.billed, attempt_count = s.attempts, completed_at = coalesce(r.completed_at, now()),
                status = coalesce(r.status, 'process_lost'), provider = coalesce(r.provider, s.provider, ''),
                model = coalesce(r.model, s.model, ''), client_gone = coalesce(r.client_gone, false), cache = coalesce(r.cache, 'bypass')
            FROM summed s
            WHERE r.id = s.id AND (s.previous_settlement IS NULL OR s.previous <> s.billed OR r.attempt_count <> s.attempts
                OR s.is_recovered AND s.previous_settlement <> 'recovered')
            RETURNING r.id, r.tenant_id, s.previous, r.cost, r.settlement, r.completed_event_id),
        noted AS (
            INSERT INTO recoveries AS v (request_id, completed_event_id, recovered_at)
            SELECT id, completed_event_id, now() FROM changed
            ON CONFLICT (request_id) DO UPDATE SET completed_event_id = excluded.completed_event_id, moved_at = now())
        SELECT id, tenant_id, previous, cost, settlement FROM changed
        """;
}
