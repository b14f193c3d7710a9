using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Recovery;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>
/// Suspends leases that ran out or whose holder is dead, and closes those whose holder has been heard to the end. Several replicas may
/// sweep at once.
/// </summary>
internal sealed class LeaseSweep(NpgsqlDataSource dataSource, IOptions<RecoveryOptions> recovery)
{
    // A slot that changed hands ends the time of the process before, at once and without a clock.
    private const string Due = """
        SELECT l.id FROM budget_leases l
        WHERE l.state = 'active' AND (l.expires_at <= clock_timestamp()
            OR EXISTS (SELECT FROM outbox_turnovers t WHERE t.instance = l.holder AND t.sequence > l.first_sequence))
        """;

    private const string Ends = """
        SELECT l.id, (SELECT min(t.sequence) - 1 FROM outbox_turnovers t WHERE t.instance = l.holder AND t.sequence > l.first_sequence)
        FROM budget_leases l WHERE l.id = ANY ($1)
        """;

    // Heard to the end: every number of the holder's time is recorded, none waits in quarantine, and the cost of no request of the lease may still
    // rise. It may while a request is open; while its gateway ended it without the summing up, which recovery looks at once $1 is over; and, for $1 more,
    // when recovery settled it for less than it had reserved, since the attempts that say otherwise come by the outbox of another process.
    private const string Drained = """
        SELECT l.id FROM budget_leases l
        CROSS JOIN LATERAL (SELECT coalesce(
            l.drain_through,
            (SELECT min(t.sequence) - 1 FROM outbox_turnovers t WHERE t.instance = l.holder AND t.sequence > l.first_sequence)) AS through) d
        WHERE l.state = 'suspended' AND d.through IS NOT NULL
          AND EXISTS (SELECT FROM outbox_ranges r
            WHERE r.instance = l.holder AND r.first_sequence <= l.first_sequence AND r.last_sequence >= d.through)
          AND NOT EXISTS (SELECT FROM quarantined_events q
            WHERE q.instance = l.holder AND q.sequence BETWEEN l.first_sequence AND d.through
              AND q.state = 'waiting')
          AND NOT EXISTS (SELECT FROM requests r
            WHERE r.tenant_id = l.tenant_id AND r.completed_event_id IS NULL AND r.settlement IS NULL
              AND r.lease_slices @> jsonb_build_array(jsonb_build_object('leaseId', l.id::text)))
          AND NOT EXISTS (SELECT FROM requests r
            WHERE r.settlement = 'estimated' AND r.cost = 0 AND r.completed_event_id IS NOT NULL
              AND r.id >= first_uuid_at(now() - 2 * $1 - interval '1 day') AND r.recorded_at > now() - 2 * $1 AND r.tenant_id = l.tenant_id
              AND r.lease_slices @> jsonb_build_array(jsonb_build_object('leaseId', l.id::text)))
          AND NOT EXISTS (SELECT FROM recoveries v JOIN requests r ON r.id = v.request_id
            WHERE v.recovered_at > now() - $1 AND r.completed_event_id IS NOT DISTINCT FROM v.completed_event_id
              AND r.cost < r.reserved AND r.tenant_id = l.tenant_id
              AND r.lease_slices @> jsonb_build_array(jsonb_build_object('leaseId', l.id::text)))
        """;

    /// <summary>One pass. Returns how many leases were suspended and closed.</summary>
    public async Task<(int Suspended, int Closed)> RunAsync(CancellationToken cancellationToken)
    {
        await OutboxRanges.CompactAsync(dataSource, cancellationToken);
        var suspended = await ChangeAsync(connection => connection.Command(Due), SuspendAsync, cancellationToken);
        var closed = await ChangeAsync(DrainedOf, CloseAsync, cancellationToken);
        return (suspended, closed);
    }

    private NpgsqlCommand DrainedOf(NpgsqlConnection connection) => connection.Command(Drained, recovery.Value.OpenFor);

    private async Task<int> ChangeAsync(
        Func<NpgsqlConnection, NpgsqlCommand> query,
        Func<NpgsqlConnection, LockedAccounts, CancellationToken, Task<int>> change,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ids = await query(connection).ReadAllAsync(reader => reader.GetGuid(0), cancellationToken);
        if (ids.Count == 0)
            return 0;

        var locked = await LockedAccounts.OfLeasesAsync(connection, ids, cancellationToken);
        var changed = await change(connection, locked, cancellationToken);
        await locked.SaveAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    // What was true before the locks may have changed: a renewal got there first, or its holder.
    private static async Task<int> SuspendAsync(NpgsqlConnection connection, LockedAccounts locked, CancellationToken cancellationToken)
    {
        var now = await LeaseGranting.NowAsync(connection, cancellationToken);
        var ends = (await connection.Command(Ends, locked.Leases.Select(lease => lease.Id).ToArray())
            .ReadAllAsync(reader => (Id: reader.GetGuid(0), Through: reader.Optional<long>(1)), cancellationToken))
            .ToDictionary(end => end.Id, end => end.Through);
        var suspended = 0;
        foreach (var lease in locked.Leases.Where(lease => lease.Stage == LeaseStage.Active))
        {
            var end = ends[lease.Id];
            if (lease.ExpiresAt > now && end is null)
                continue;
            lease.Suspend();
            lease.DrainThrough ??= end;
            suspended++;
        }

        return suspended;
    }

    private async Task<int> CloseAsync(NpgsqlConnection connection, LockedAccounts locked, CancellationToken cancellationToken)
    {
        var drained = (await DrainedOf(connection).ReadAllAsync(reader => reader.GetGuid(0), cancellationToken)).ToHashSet();
        var closed = 0;
        foreach (var lease in locked.Leases.Where(lease => drained.Contains(lease.Id)))
        {
            lease.Close("drained");
            closed++;
        }

        return closed;
    }
}
