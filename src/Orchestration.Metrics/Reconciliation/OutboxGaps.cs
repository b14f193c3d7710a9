using Npgsql;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>Keeps for how long each number that an outbox has given is missing.</summary>
internal sealed class OutboxGaps(NpgsqlDataSource dataSource)
{
    // A spool file starts at a number of the clock, so that nothing is missing before the first number that came.
    // A hole that is smaller than the one it remains of has been missed since then.
    private const string Observe = """
        WITH ranges AS (
            SELECT instance, first_sequence, max(last_sequence) OVER (
                PARTITION BY instance ORDER BY first_sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
            FROM outbox_ranges),
        holes AS (
            SELECT instance, reached + 1 AS first_sequence, first_sequence - 1 AS last_sequence
            FROM ranges WHERE first_sequence > reached + 1),
        closed AS (
            DELETE FROM outbox_gaps g
            WHERE NOT EXISTS (SELECT FROM holes h WHERE (h.instance, h.first_sequence, h.last_sequence) = (g.instance, g.first_sequence, g.last_sequence)))
        INSERT INTO outbox_gaps (instance, first_sequence, last_sequence, noticed_at)
        SELECT h.instance, h.first_sequence, h.last_sequence, coalesce(min(g.noticed_at), now())
        FROM holes h LEFT JOIN outbox_gaps g
          ON g.instance = h.instance AND g.first_sequence <= h.last_sequence AND g.last_sequence >= h.first_sequence
        GROUP BY h.instance, h.first_sequence, h.last_sequence
        ON CONFLICT DO NOTHING
        """;

    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Observe);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
