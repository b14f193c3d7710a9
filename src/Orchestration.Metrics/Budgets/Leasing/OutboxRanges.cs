using Npgsql;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Joins the numbers of recorded events to ranges. Recording only adds rows, so that no two batches wait for each other.</summary>
internal static class OutboxRanges
{
    // Ranges that touch or overlap form an island; its rows become one.
    private const string Compact = """
        WITH marked AS (
            SELECT instance, first_sequence, last_sequence,
                max(last_sequence) OVER (PARTITION BY instance ORDER BY first_sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
            FROM outbox_ranges),
        islands AS (
            SELECT *, count(*) FILTER (WHERE reached IS NULL OR first_sequence > reached + 1)
                OVER (PARTITION BY instance ORDER BY first_sequence ROWS UNBOUNDED PRECEDING) AS island
            FROM marked),
        joined AS (
            SELECT instance, min(first_sequence) AS first_sequence, max(last_sequence) AS last_sequence
            FROM islands GROUP BY instance, island HAVING count(*) > 1),
        gone AS (
            DELETE FROM outbox_ranges r USING joined j
            WHERE r.instance = j.instance AND r.first_sequence > j.first_sequence AND r.last_sequence <= j.last_sequence)
        UPDATE outbox_ranges r SET last_sequence = j.last_sequence FROM joined j
        WHERE r.instance = j.instance AND r.first_sequence = j.first_sequence AND r.last_sequence < j.last_sequence
        """;

    public static async Task CompactAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var free = connection.Command("SELECT pg_try_advisory_xact_lock(hashtext('outbox_ranges'))");
        // Another replica is at it.
        if (await free.ExecuteScalarAsync(cancellationToken) is not true)
            return;

        await connection.Command(Compact).ExecuteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
