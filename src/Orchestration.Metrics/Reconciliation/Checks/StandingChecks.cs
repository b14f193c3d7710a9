namespace Orchestration.Metrics.Reconciliation.Checks;

/// <summary>The questions that belong to no day: $1 how long a number may be missing, $2 most rows.</summary>
internal static class StandingChecks
{
    /// <summary>Numbers that outboxes have given and the ledger never saw.</summary>
    public const string Outboxes = """
        SELECT 'outbox', '', instance, first_sequence || '–' || last_sequence, 'missing since ' || to_char(noticed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            count(*) OVER ()
        FROM outbox_gaps WHERE noticed_at <= now() - $1 ORDER BY instance, first_sequence LIMIT $2
        """;

    /// <summary>
    /// The books of budgets: what the leases of the last eight days were booked beside what the requests cost that name them (a request fills its
    /// leases in turn, and the last takes what is too much for all), and what leases hold beside what their period says. Older leases were
    /// compared with their requests when they were new, so that a budget without an end takes no longer to look at the older it gets.
    /// Periods of the last days only, and none whose requests retention may have dropped.
    /// </summary>
    public const string Budgets = """
        WITH periods AS (
            SELECT p.*, b.tenant_id, b.currency, b.counts_simulated FROM budget_periods p JOIN budgets b ON b.id = p.budget_id
            WHERE (p.ends_at IS NULL OR p.ends_at > now() - interval '8 days')
              AND p.starts_at >= coalesce((SELECT max(dropped_before) FROM ledger_retention), '-infinity')),
        parts AS (
            SELECT l.id AS lease_id, l.budget_id, l.period_starts_at, r.simulated, r.cost, (s.slice ->> 'amount')::numeric AS amount,
                coalesce(sum((s.slice ->> 'amount')::numeric) OVER (
                    PARTITION BY r.id, l.budget_id, l.period_starts_at ORDER BY s.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS filled,
                s.place = max(s.place) OVER (PARTITION BY r.id, l.budget_id, l.period_starts_at) AS is_last
            FROM requests r CROSS JOIN LATERAL jsonb_array_elements(r.lease_slices) WITH ORDINALITY s (slice, place)
            JOIN budget_leases l ON l.id = (s.slice ->> 'leaseId')::uuid AND l.tenant_id = r.tenant_id
            JOIN periods p ON p.budget_id = l.budget_id AND p.starts_at = l.period_starts_at AND p.currency = r.currency
            WHERE r.settlement IS NOT NULL AND (p.counts_simulated OR NOT r.simulated) AND r.id >= first_uuid_at(now() - interval '9 days')),
        booked AS (
            SELECT lease_id, sum(CASE WHEN is_last THEN greatest(cost - filled, 0) ELSE least(greatest(cost - filled, 0), amount) END) AS used
            FROM parts GROUP BY 1),
        charged AS (
            SELECT budget_id, period_starts_at, sum(cost) FILTER (WHERE NOT simulated) AS spent, sum(cost) FILTER (WHERE simulated) AS simulated
            FROM parts WHERE is_last GROUP BY 1, 2),
        held AS (
            SELECT budget_id, period_starts_at, sum(used) AS used, sum(greatest(used - amount, 0)) AS late,
                sum(greatest(amount - used, 0)) FILTER (WHERE state = 'active') AS leased,
                sum(greatest(amount - used, 0)) FILTER (WHERE state = 'suspended') AS suspended
            FROM budget_leases GROUP BY 1, 2),
        gaps AS (
            SELECT p.tenant_id, p.budget_id, p.starts_at, c.name, c.expected, c.actual
            FROM periods p
            LEFT JOIN charged k ON k.budget_id = p.budget_id AND k.period_starts_at = p.starts_at
            LEFT JOIN held h ON h.budget_id = p.budget_id AND h.period_starts_at = p.starts_at
            CROSS JOIN LATERAL (VALUES
                ('spent', coalesce(k.spent, 0), p.spent, p.starts_at > now() - interval '8 days' AND coalesce(k.spent, 0) <> p.spent),
                ('simulated', coalesce(k.simulated, 0), p.simulated, p.starts_at > now() - interval '8 days' AND coalesce(k.simulated, 0) <> p.simulated),
                ('used', p.spent + p.simulated, coalesce(h.used, 0), p.spent + p.simulated <> coalesce(h.used, 0)),
                ('leased', coalesce(h.leased, 0), p.leased, coalesce(h.leased, 0) <> p.leased),
                ('suspended', coalesce(h.suspended, 0), p.suspended, coalesce(h.suspended, 0) <> p.suspended),
                ('over-released', p.late, coalesce(h.late, 0), coalesce(h.late, 0) > p.late)
            ) c (name, expected, actual, is_gap)
            WHERE c.is_gap
            UNION ALL
            SELECT p.tenant_id, p.budget_id, p.starts_at, 'lease ' || l.id, coalesce(k.used, 0), l.used
            FROM budget_leases l JOIN periods p ON p.budget_id = l.budget_id AND p.starts_at = l.period_starts_at
            LEFT JOIN booked k ON k.lease_id = l.id
            WHERE l.granted_at > now() - interval '8 days' AND coalesce(k.used, 0) <> l.used)
        SELECT 'budget', tenant_id, budget_id || ' ' || to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ' ' || name,
            expected::text, actual::text, count(*) OVER ()
        FROM gaps WHERE $1 IS NOT NULL ORDER BY tenant_id, budget_id, name LIMIT $2
        """;

    /// <summary>Events that wait for a person, by what is wrong with them.</summary>
    public const string Quarantine = """
        SELECT 'quarantine', '', type || ': ' || reason, '0', count(*)::text, count(*) OVER ()
        FROM quarantined_events q WHERE q.state = 'waiting' AND $1 IS NOT NULL
        GROUP BY type, reason ORDER BY type, reason LIMIT $2
        """;
}
