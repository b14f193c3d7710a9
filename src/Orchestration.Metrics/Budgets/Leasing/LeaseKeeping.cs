using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>What becomes of leases after they were granted, as their holders ask for it.</summary>
internal sealed class LeaseKeeping(NpgsqlDataSource dataSource, IOptions<BudgetOptions> options)
{
    /// <summary>Gives leases more time. Those that are closed, given up, of another process or of a period that is over get none.</summary>
    public async Task<IReadOnlyList<Granted>> RenewAsync(Holder holder, IReadOnlyCollection<Guid> leaseIds, CancellationToken cancellationToken)
    {
        List<Granted> renewed = [];
        await ChangeAsync(
            leaseIds,
            (lease, now) =>
            {
                var expiry = LeaseGranting.ExpiryOf(lease.Period, now, options.Value.LeaseDuration);
                if (!IsHeldBy(lease, holder) || lease.DrainThrough is not null || expiry <= now)
                    return;
                lease.Resume();
                lease.ExpiresAt = expiry;
                renewed.Add(new Granted(lease.Id, lease.Period.BudgetId, 0, expiry - now, expiry, lease.Period.Left));
            },
            cancellationToken);
        return renewed;
    }

    /// <summary>Takes idle amounts back.</summary>
    public Task ReturnAsync(Holder holder, IReadOnlyDictionary<Guid, decimal> amounts, CancellationToken cancellationToken) => ChangeAsync(
        [.. amounts.Keys],
        (lease, _) =>
        {
            if (IsHeldBy(lease, holder))
                lease.Return(amounts[lease.Id]);
        },
        cancellationToken);

    /// <summary>Suspends leases whose holder will not spend from them any more; they are closed once its events are recorded.</summary>
    public Task ReleaseAsync(Holder holder, IReadOnlyCollection<Guid> leaseIds, long throughSequence, CancellationToken cancellationToken) =>
        ChangeAsync(
            leaseIds,
            (lease, _) =>
            {
                if (!IsHeldBy(lease, holder))
                    return;
                lease.Suspend();
                lease.DrainThrough ??= throughSequence;
            },
            cancellationToken);

    /// <summary>Closes a suspended lease by an operator's word. Null when there is no such lease.</summary>
    public async Task<LeaseAccount?> CloseAsync(Guid leaseId, CancellationToken cancellationToken)
    {
        LeaseAccount? found = null;
        await ChangeAsync(
            [leaseId],
            (lease, _) =>
            {
                found = lease;
                if (lease.Stage == LeaseStage.Suspended)
                    lease.Close("operator");
            },
            cancellationToken);
        return found;
    }

    private static bool IsHeldBy(LeaseAccount lease, Holder holder) =>
        lease.Stage != LeaseStage.Closed && lease.Holder == holder.Instance && lease.FirstSequence == holder.FirstSequence;

    private async Task ChangeAsync(
        IReadOnlyCollection<Guid> leaseIds, Action<LeaseAccount, DateTimeOffset> change, CancellationToken cancellationToken)
    {
        if (leaseIds.Count == 0)
            return;

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var locked = await LockedAccounts.OfLeasesAsync(connection, leaseIds, cancellationToken);
        var now = await LeaseGranting.NowAsync(connection, cancellationToken);
        foreach (var lease in locked.Leases)
            change(lease, now);
        await locked.SaveAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
