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

    /// <summary>Events that wait for a person, by what is wrong with them.</summary>
    public const string Quarantine = """
        SELECT 'quarantine', '', type || ': ' || reason, '0', count(*)::text, count(*) OVER ()
        FROM quarantined_events q WHERE q.state = 'waiting' AND $1 IS NOT NULL
        GROUP BY type, reason ORDER BY type, reason LIMIT $2
        """;
}
