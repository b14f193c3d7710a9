using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Recovery;

namespace Orchestration.Metrics.Data;

/// <summary>Deletes rows beside the ledger that nothing asks for any more, by the clock of the database.</summary>
internal sealed class OldRows(NpgsqlDataSource dataSource, IOptions<OldRowsOptions> options, IOptions<RecoveryOptions> recovery)
{
    private const int BatchSize = 10_000;

    // Late spend and re-pricings of a running period still find the lease, by which alone they know the budget, and the books of periods are compared
    // for some days after their end. Requests that may name a lease of long ago are gone when retention has dropped the month in which it was closed.
    private const string Leases = """
        DELETE FROM budget_leases WHERE id IN (
            SELECT l.id FROM budget_leases l JOIN budget_periods p ON p.budget_id = l.budget_id AND p.starts_at = l.period_starts_at
            WHERE l.state = 'closed' AND l.closed_at < now() - $1
              AND (p.ends_at < now() - $1 OR l.closed_at < (SELECT dropped_before - interval '1 day' FROM ledger_retention)) LIMIT $2)
        """;

    private const string Recoveries = """
        DELETE FROM recoveries WHERE request_id IN (
            SELECT request_id FROM recoveries WHERE recovered_at < now() - $1 AND coalesce(moved_at, recovered_at) < now() - $1 LIMIT $2)
        """;

    private const string Findings = """
        DELETE FROM reconciliation_findings WHERE (run_id, number) IN (
            SELECT f.run_id, f.number FROM reconciliation_runs r JOIN reconciliation_findings f ON f.run_id = r.id
            WHERE r.started_at < now() - $1 LIMIT $2)
        """;

    private const string Events = """
        DELETE FROM quarantined_events WHERE event_id IN (
            SELECT event_id FROM quarantined_events WHERE state <> 'waiting' AND decided_at < now() - $1 LIMIT $2)
        """;

    // The last one of a slot tells who holds it, and an open lease ends at the first one after it.
    private const string Turnovers = """
        DELETE FROM outbox_turnovers WHERE (instance, sequence) IN (
            SELECT t.instance, t.sequence FROM outbox_turnovers t
            WHERE EXISTS (SELECT FROM outbox_turnovers later WHERE later.instance = t.instance AND later.sequence > t.sequence)
              AND NOT EXISTS (SELECT FROM budget_leases l WHERE l.state <> 'closed' AND l.holder = t.instance AND l.first_sequence < t.sequence)
              AND $1 IS NOT NULL LIMIT $2)
        """;

    // While the attempts stand, lines of closed months are told by these rows.
    private const string RepricedAttempts = """
        DELETE FROM repriced_attempts WHERE (repricing_id, attempt_id) IN (
            SELECT a.repricing_id, a.attempt_id FROM repricings r JOIN repriced_attempts a ON a.repricing_id = r.id
            WHERE r.state IN ('applied', 'reversed', 'cancelled') AND r.period_to <= (SELECT dropped_before FROM ledger_retention)
              AND $1 IS NOT NULL LIMIT $2)
        """;

    // Nothing is said of a request before it was made.
    private const string Feedback = """
        DELETE FROM request_feedback WHERE request_id IN (
            SELECT request_id FROM request_feedback WHERE given_at < (SELECT dropped_before FROM ledger_retention) AND $1 IS NOT NULL LIMIT $2)
        """;

    /// <summary>Deletes what is past its time. Returns how many rows it were.</summary>
    public async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        var watched = options.Value.Recoveries > recovery.Value.WatchFor ? options.Value.Recoveries : recovery.Value.WatchFor;
        return await DeleteAsync(Leases, options.Value.ClosedLeases, cancellationToken)
            + await DeleteAsync(Turnovers, TimeSpan.Zero, cancellationToken)
            + await DeleteAsync(Recoveries, watched, cancellationToken)
            + await DeleteAsync(Findings, options.Value.Findings, cancellationToken)
            + await DeleteAsync(Events, options.Value.DecidedEvents, cancellationToken)
            + await DeleteAsync(RepricedAttempts, TimeSpan.Zero, cancellationToken)
            + await DeleteAsync(Feedback, TimeSpan.Zero, cancellationToken);
    }

    private async Task<long> DeleteAsync(string statement, TimeSpan kept, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        int last;
        do
        {
            await using var command = dataSource.CreateCommand(statement);
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = kept });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            last = await command.ExecuteNonQueryAsync(cancellationToken);
            deleted += last;
        }
        while (last == BatchSize);
        return deleted;
    }
}
