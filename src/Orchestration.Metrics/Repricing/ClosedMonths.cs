using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

/// <summary>Closing months, and the lines that change a closed one.</summary>
internal sealed class ClosedMonths(IDbContextFactory<MetricsDbContext> contexts, NpgsqlDataSource dataSource, TimeProvider timeProvider)
{
    private const int MostTries = 5;

    private static readonly string BookedIn = $"SELECT {OpenMonths.At("{0}", "{1}", "{2}")} AS \"Value\"";

    /// <summary>The reason why a month cannot be closed, or null when it is closed now.</summary>
    /// <remarks>
    /// The rows are read without a lock, for they may be many and recording must go on. Under the lock, which no recorder shares, it is only
    /// asked whether what was read is still true.
    /// </remarks>
    public async Task<string?> CloseAsync(string tenantId, MonthPeriod period, string actor, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await RefusalAsync(tenantId, period, cancellationToken) is { } refusal)
                return refusal;

            var figures = await MonthFigures.ReadAsync(dataSource, tenantId, period, cancellationToken);
            if (figures.Open > 0)
                return $"{figures.Open} requests of the month are open: they have not ended, or an attempt of theirs has not.";
            if (await TryCloseAsync(tenantId, period, actor, figures, cancellationToken))
                return null;
        }

        return "Events of the month keep arriving; try again when they have.";
    }

    private async Task<string?> RefusalAsync(string tenantId, MonthPeriod period, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await RefusalAsync(db, tenantId, period, cancellationToken);
    }

    private static async Task<string?> RefusalAsync(MetricsDbContext db, string tenantId, MonthPeriod period, CancellationToken cancellationToken)
    {
        // Who closes for everybody may do so after tenants that were closed alone.
        if (await db.ClosedMonths.AnyAsync(
            m => (m.TenantId == tenantId || m.TenantId == "") && m.PeriodFrom < period.To && period.From < m.PeriodTo, cancellationToken))
            return "The month is closed already.";

        string[] underWay = [RepricingStates.Applying, RepricingStates.Reversing, RepricingStates.Cancelling];
        return await db.Repricings.AnyAsync(r => r.PeriodFrom < period.To && period.From < r.PeriodTo && underWay.Contains(r.State), cancellationToken)
            ? "A re-pricing of the month is under way."
            : null;
    }

    /// <summary>False when something changed since the figures were read, or the lock cannot be had soon.</summary>
    private async Task<bool> TryCloseAsync(string tenantId, MonthPeriod period, string actor, MonthFigures figures, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        try
        {
            // Whoever records waits behind this lock, even while it is not had.
            await connection.Command("SELECT set_config('lock_timeout', '5s', true)").ExecuteAsync(cancellationToken);
            await connection.Command("SELECT pg_advisory_xact_lock(hashtext('closed_months'))").ExecuteAsync(cancellationToken);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        if (await RefusalAsync(db, tenantId, period, cancellationToken) is not null
            || !await figures.IsStillTrueAsync(connection, tenantId, period, cancellationToken))
            return false;

        db.Add(new ClosedMonthRow
        {
            TenantId = tenantId,
            Month = period.Month,
            TimeZone = period.TimeZone,
            PeriodFrom = period.From,
            PeriodTo = period.To,
            ClosedAt = timeProvider.GetUtcNow(),
            Actor = actor,
            Totals = JsonSerializer.Serialize(figures.Totals),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<ClosedMonth>> ListAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var months = await db.ClosedMonths.AsNoTracking().Where(m => tenantId == "" || m.TenantId == tenantId || m.TenantId == "")
            .OrderByDescending(m => m.Month).ThenBy(m => m.TenantId).ToListAsync(cancellationToken);
        var lines = await db.Adjustments.AsNoTracking().Where(a => tenantId == "" || a.TenantId == tenantId)
            .GroupBy(a => new { a.BelongsTo, a.TenantId, a.Currency }).Select(g => new { g.Key, Amount = g.Sum(a => a.Amount) }).ToListAsync(cancellationToken);
        return [.. months.Select(month => RepricingMapping.ToWire(month, lines.Where(l => l.Key.BelongsTo == month.Month).ToLookup(l => (l.Key.TenantId, l.Key.Currency), l => l.Amount)))];
    }

    /// <param name="line">The line.</param>
    /// <param name="id">Id by which the line is added once, however often it is asked for; null when each call adds one.</param>
    /// <param name="amount">Its amount.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<AddedLine> AddAsync(Adjustment line, Guid? id, Money amount, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The month that carries the line is not closed before the line is in it; and of two calls with one id the second sees the line of the first.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared(hashtext('closed_months')), pg_advisory_xact_lock(hashtext('added_adjustments'))", cancellationToken);
        if (id is { } known && await db.Adjustments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == known, cancellationToken) is { } standing)
            return IsSame(standing, line, amount) ? new AddedLine.Stands(RepricingMapping.ToWire(standing)) : new AddedLine.IdTaken();

        var month = await db.ClosedMonths.AsNoTracking().Where(m => m.Month == line.BelongsTo && (m.TenantId == line.TenantId || m.TenantId == ""))
            .OrderByDescending(m => m.TenantId).FirstOrDefaultAsync(cancellationToken);
        if (month is null) return new AddedLine.MonthOpen();
        var now = timeProvider.GetUtcNow();
        var row = new AdjustmentRow
        {
            Id = id ?? Guid.CreateVersion7(now),
            TenantId = line.TenantId,
            ProjectId = line.ProjectId,
            Provider = line.Provider,
            Model = line.Model,
            Currency = amount.Currency,
            Amount = amount.Amount,
            BelongsTo = line.BelongsTo,
            BookedIn = await db.Database.SqlQueryRaw<string>(BookedIn, now, month.TimeZone, line.TenantId).SingleAsync(cancellationToken),
            Reason = line.Reason,
            Actor = line.Actor,
            CreatedAt = now,
        };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AddedLine.Stands(RepricingMapping.ToWire(row));
    }

    private static bool IsSame(AdjustmentRow row, Adjustment line, Money amount) =>
        (row.TenantId, row.ProjectId, row.Provider, row.Model, row.Currency, row.Amount, row.BelongsTo, row.Reason)
        == (line.TenantId, line.ProjectId, line.Provider, line.Model, amount.Currency, amount.Amount, line.BelongsTo, line.Reason);

    public async Task<IReadOnlyList<Adjustment>> AdjustmentsAsync(string tenantId, string belongsTo, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Adjustments.AsNoTracking().Where(a => (tenantId == "" || a.TenantId == tenantId) && (belongsTo == "" || a.BelongsTo == belongsTo))
            .OrderByDescending(a => a.CreatedAt).ThenBy(a => a.Id).Take(count).ToListAsync(cancellationToken);
        return [.. rows.Select(RepricingMapping.ToWire)];
    }
}

/// <summary>What came of adding a line.</summary>
internal abstract record AddedLine
{
    private AddedLine()
    {
    }

    /// <param name="Line">The line, added now or by an earlier call.</param>
    internal sealed record Stands(Adjustment Line) : AddedLine;

    internal sealed record MonthOpen : AddedLine;

    /// <summary>The id is that of another line.</summary>
    internal sealed record IdTaken : AddedLine;
}
