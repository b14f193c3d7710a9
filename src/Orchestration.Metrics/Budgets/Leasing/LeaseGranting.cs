using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Grants amounts on every budget that limits a request, in one transaction: all of them or none.</summary>
internal sealed class LeaseGranting(NpgsqlDataSource dataSource, IOptions<BudgetOptions> options)
{
    private const string OthersHold = """
        SELECT count(DISTINCT budget_id) FROM budget_leases
        WHERE state = 'active' AND used < amount AND holder <> $3
          AND (budget_id, period_starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
        """;

    public async Task<DemandOutcome> GrantAsync(Holder holder, Demand demand, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var budgets = await ApplicableBudgets.FindAsync(connection, demand, cancellationToken);
        Guid[] ids = [.. budgets.Select(budget => budget.Id)];
        var wanted = budgets.Where(budget => !demand.Covered.Contains(budget.Id)).ToList();
        if (wanted.Count == 0)
            return new DemandOutcome.Met([], ids);

        var now = await NowAsync(connection, cancellationToken);
        var running = await RunningPeriods.EnsureAsync(connection, wanted, now, cancellationToken);
        var locked = await LockedAccounts.OfPeriodsAsync(
            connection, [.. running.Select(pair => (pair.Key, pair.Value.StartsAt))], cancellationToken);
        var shortages = demand.AheadOfNeed ? [] : FindShort(wanted, running, locked, demand);
        if (shortages.Count > 0)
        {
            // New periods stay: their bounds are facts, and the next request finds them.
            var refused = new DemandOutcome.Refused(shortages, await OthersHoldAsync(connection, holder, shortages, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return refused;
        }

        await locked.ReadHeldAsync(connection, holder, cancellationToken);
        now = await NowAsync(connection, cancellationToken);
        List<Granted> granted = [];
        foreach (var budget in wanted)
        {
            if (Take(budget, locked.Period(budget.Id, running[budget.Id].StartsAt), locked, holder, demand, now) is { } grant)
                granted.Add(grant);
        }

        await locked.SaveAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DemandOutcome.Met(granted, ids);
    }

    /// <summary>The database's clock: leases of all replicas run by one clock.</summary>
    internal static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private static List<Shortage> FindShort(
        IReadOnlyList<StoredBudget> budgets, Dictionary<Guid, PeriodBounds> running, LockedAccounts locked, Demand demand)
    {
        List<Shortage> shortages = [];
        foreach (var budget in budgets)
        {
            var period = locked.Period(budget.Id, running[budget.Id].StartsAt);
            // An amount in another currency says nothing about this request: what cannot be compared is refused.
            if (budget.Currency != demand.Currency || period.Left < demand.WorstCase || period.Left == 0)
                shortages.Add(new Shortage(budget, period.StartsAt, period.Left, period.EndsAt));
        }

        return shortages;
    }

    private Granted? Take(
        StoredBudget budget, PeriodAccount period, LockedAccounts locked, Holder holder, Demand demand, DateTimeOffset now)
    {
        var amount = budget.Currency == demand.Currency ? Slicing.Of(demand.WorstCase, period.Left, options.Value.SliceOf(budget.Currency)) : 0;
        if (amount == 0)
            return null;

        var lease = locked.Leases.FirstOrDefault(held => held.Period == period);
        if (lease is null)
        {
            lease = new LeaseAccount
            {
                Id = Guid.CreateVersion7(now),
                Period = period,
                TenantId = budget.TenantId,
                Holder = holder.Instance,
                FirstSequence = holder.FirstSequence,
                GrantedAt = now,
            };
            locked.Add(lease);
        }

        lease.Resume();
        lease.Take(amount);
        lease.ExpiresAt = ExpiryOf(period, now, options.Value.LeaseDuration);
        return new Granted(lease.Id, budget.Id, amount, lease.ExpiresAt - now, lease.ExpiresAt, period.Left);
    }

    /// <summary>A lease never outlives its period.</summary>
    internal static DateTimeOffset ExpiryOf(PeriodAccount period, DateTimeOffset now, TimeSpan duration) =>
        period.EndsAt is { } end && end < now + duration ? end : now + duration;

    private static async Task<bool> OthersHoldAsync(
        NpgsqlConnection connection, Holder holder, List<Shortage> shortages, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            OthersHold,
            shortages.Select(shortage => shortage.Budget.Id).ToArray(),
            shortages.Select(shortage => shortage.PeriodStartsAt).ToArray(),
            holder.Instance);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == shortages.Count;
    }
}
