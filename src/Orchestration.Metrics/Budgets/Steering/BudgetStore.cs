using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Periods;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Budgets.Steering;

/// <summary>Budgets as operators keep them.</summary>
internal sealed class BudgetStore(IDbContextFactory<MetricsDbContext> contexts, BudgetSignals signals)
{
    private const int MostLeases = 1_000;

    public async Task<BudgetWithState> CreateAsync(CreateBudgetRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await NowAsync(context, cancellationToken);
        var budget = BudgetRules.Read(request, now);
        context.Add(budget);
        await context.SaveChangesAsync(cancellationToken);
        await signals.TellChangedAsync(budget.TenantId, cancellationToken);
        return (await WithStateAsync(context, [budget], now, cancellationToken))[0];
    }

    public async Task<BudgetWithState?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var budget = await context.Set<StoredBudget>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return budget is null ? null : (await WithStateAsync(context, [budget], await NowAsync(context, cancellationToken), cancellationToken))[0];
    }

    /// <summary>At most <paramref name="count"/> budgets, oldest first, that come after <paramref name="after"/>. An empty tenant means all.</summary>
    public async Task<IReadOnlyList<BudgetWithState>> ListAsync(string tenantId, Guid? after, int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Set<StoredBudget>().AsNoTracking();
        if (tenantId.Length > 0)
            query = query.Where(row => row.TenantId == tenantId);
        if (after is { } last)
            query = query.Where(row => row.Id > last);
        var budgets = await query.OrderBy(row => row.Id).Take(count).ToListAsync(cancellationToken);
        return await WithStateAsync(context, budgets, await NowAsync(context, cancellationToken), cancellationToken);
    }

    /// <summary>Changes a budget and its running period together. Null when there is no such budget.</summary>
    public async Task<UpdateOutcome?> UpdateAsync(Guid id, UpdateBudgetRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var budget = await context.Set<StoredBudget>().FromSql($"SELECT * FROM budgets WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (budget is null)
            return null;
        if (request.Version != 0 && request.Version != budget.Version)
            return new UpdateOutcome.OtherVersion(budget.Version);

        var connection = ConnectionOf(context);
        var now = await LeaseGranting.NowAsync(connection, cancellationToken);
        var running = (await RunningPeriods.EnsureAsync(connection, [budget], now, cancellationToken))[id];
        var (kind, zone) = (budget.Period, budget.TimeZone);
        BudgetRules.Apply(request, budget);
        await context.SaveChangesAsync(cancellationToken);
        if ((kind, zone) != (budget.Period, budget.TimeZone))
            await MoveEndAsync(connection, budget, running.StartsAt, now, cancellationToken);
        await SetAmountAsync(connection, budget, running.StartsAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await signals.TellChangedAsync(budget.TenantId, cancellationToken);
        return new UpdateOutcome.Updated((await WithStateAsync(context, [budget], now, cancellationToken))[0]);
    }

    public async Task<IReadOnlyList<StoredLease>> ListLeasesAsync(Guid budgetId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<StoredLease>().AsNoTracking()
            .Where(lease => lease.BudgetId == budgetId && lease.State != "closed")
            .OrderBy(lease => lease.Id).Take(MostLeases).ToListAsync(cancellationToken);
    }

    public async Task<StoredLease?> FindLeaseAsync(Guid leaseId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<StoredLease>().AsNoTracking().SingleOrDefaultAsync(lease => lease.Id == leaseId, cancellationToken);
    }

    private static NpgsqlConnection ConnectionOf(MetricsDbContext context) => (NpgsqlConnection)context.Database.GetDbConnection();

    private static async Task<DateTimeOffset> NowAsync(MetricsDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        return await LeaseGranting.NowAsync(ConnectionOf(context), cancellationToken);
    }

    private static async Task MoveEndAsync(
        NpgsqlConnection connection, StoredBudget budget, DateTimeOffset startsAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var announced = (await connection.Command(
            "SELECT announced_end FROM budget_periods WHERE budget_id = $1 AND starts_at = $2 FOR UPDATE", budget.Id, startsAt)
            .ReadAllAsync(reader => reader.Optional<DateTimeOffset>(0), cancellationToken)).Single();
        var end = (object?)budget.Calendar.EndAfterChange(announced, now) ?? DBNull.Value;
        await connection.Command(
            "UPDATE budget_periods SET ends_at = $3 WHERE budget_id = $1 AND starts_at = $2", budget.Id, startsAt, end).ExecuteAsync(cancellationToken);
        await connection.Command(
            "UPDATE budget_leases SET expires_at = least(expires_at, $3::timestamptz) WHERE budget_id = $1 AND period_starts_at = $2 AND state = 'active'",
            budget.Id, startsAt, end).ExecuteAsync(cancellationToken);
    }

    private static async Task SetAmountAsync(
        NpgsqlConnection connection, StoredBudget budget, DateTimeOffset startsAt, CancellationToken cancellationToken)
    {
        var locked = await LockedAccounts.OfPeriodsAsync(connection, [(budget.Id, startsAt)], cancellationToken);
        locked.Period(budget.Id, startsAt).SetAmount(budget.Amount);
        await locked.SaveAsync(connection, cancellationToken);
        await BudgetBooking.MarkCrossingsAsync(connection, locked.Periods, cancellationToken);
    }

    private static async Task<IReadOnlyList<BudgetWithState>> WithStateAsync(
        MetricsDbContext context, IReadOnlyList<StoredBudget> budgets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = budgets.Select(budget => budget.Id).ToArray();
        var latest = (await context.Set<StoredPeriod>()
            .FromSql($"SELECT DISTINCT ON (budget_id) * FROM budget_periods WHERE budget_id = ANY ({ids}) ORDER BY budget_id, starts_at DESC")
            .AsNoTracking().ToListAsync(cancellationToken)).ToDictionary(period => period.BudgetId);
        return [.. budgets.Select(budget => new BudgetWithState(budget, AccountOf(budget, latest.GetValueOrDefault(budget.Id), now)))];
    }

    // A period that nobody has needed yet has no row; it is as its calendar says, with nothing spent.
    private static PeriodAccount AccountOf(StoredBudget budget, StoredPeriod? latest, DateTimeOffset now)
    {
        if (latest is not null && (latest.EndsAt is not { } end || now < end))
        {
            return PeriodAccount.Open(budget.Id, latest.StartsAt, latest.EndsAt, latest.Amount, budget.Currency, budget.CountsSimulated)
                .WithBooks(latest.Spent, latest.Simulated, latest.Leased, latest.Suspended, latest.Late, latest.Excess);
        }

        var next = RunningPeriods.Following(budget, latest is null ? default : new PeriodBounds(latest.StartsAt, latest.EndsAt), now);
        return PeriodAccount.Open(budget.Id, next.StartsAt, next.EndsAt, budget.Amount, budget.Currency, budget.CountsSimulated);
    }
}

/// <summary>What came of a change.</summary>
internal abstract record UpdateOutcome
{
    private UpdateOutcome()
    {
    }

    internal sealed record Updated(BudgetWithState Budget) : UpdateOutcome;

    internal sealed record OtherVersion(long Version) : UpdateOutcome;
}
