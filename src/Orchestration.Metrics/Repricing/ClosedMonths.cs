using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

/// <summary>Closing months, and the lines that change a closed one.</summary>
internal sealed class ClosedMonths(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
{
    /// <summary>The reason why a month cannot be closed, or null when it is closed now.</summary>
    public async Task<string?> CloseAsync(string tenantId, MonthPeriod period, string actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // No re-pricing changes a row between the sum and the closing.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('closed_months'))", cancellationToken);
        if (await db.ClosedMonths.AnyAsync(m => (m.TenantId == tenantId || m.TenantId == "" || tenantId == "") && m.PeriodFrom < period.To && period.From < m.PeriodTo && (m.TenantId == tenantId || tenantId != ""), cancellationToken))
            return "The month is closed already.";
        if (await db.Repricings.AnyAsync(r => r.PeriodFrom < period.To && period.From < r.PeriodTo && (r.State == RepricingStates.Applying || r.State == RepricingStates.Reversing || r.State == RepricingStates.Cancelling), cancellationToken))
            return "A re-pricing of the month is under way.";
        if (await OpenAsync(db, tenantId, period, cancellationToken) is > 0 and var open) return $"{open} requests of the month are open: they have not ended, or an attempt of theirs has not.";
        db.Add(new ClosedMonthRow
        {
            TenantId = tenantId,
            Month = period.Month,
            TimeZone = period.TimeZone,
            PeriodFrom = period.From,
            PeriodTo = period.To,
            ClosedAt = timeProvider.GetUtcNow(),
            Actor = actor,
            Totals = JsonSerializer.Serialize(await TotalsAsync(db, tenantId, period, cancellationToken)),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
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

    /// <summary>Null when the month is not closed for the tenant.</summary>
    public async Task<Adjustment?> AddAsync(Adjustment line, Money amount, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var month = await db.ClosedMonths.AsNoTracking().Where(m => m.Month == line.BelongsTo && (m.TenantId == line.TenantId || m.TenantId == ""))
            .OrderByDescending(m => m.TenantId).FirstOrDefaultAsync(cancellationToken);
        if (month is null) return null;
        var now = timeProvider.GetUtcNow();
        var row = new AdjustmentRow
        {
            Id = Guid.CreateVersion7(now),
            TenantId = line.TenantId,
            ProjectId = line.ProjectId,
            Provider = line.Provider,
            Model = line.Model,
            Currency = amount.Currency,
            Amount = amount.Amount,
            BelongsTo = line.BelongsTo,
            BookedIn = MonthPeriod.Of(now, month.TimeZone),
            Reason = line.Reason,
            Actor = line.Actor,
            CreatedAt = now,
        };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return RepricingMapping.ToWire(row);
    }

    public async Task<IReadOnlyList<Adjustment>> AdjustmentsAsync(string tenantId, string belongsTo, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Adjustments.AsNoTracking().Where(a => (tenantId == "" || a.TenantId == tenantId) && (belongsTo == "" || a.BelongsTo == belongsTo))
            .OrderByDescending(a => a.CreatedAt).ThenBy(a => a.Id).Take(count).ToListAsync(cancellationToken);
        return [.. rows.Select(RepricingMapping.ToWire)];
    }

    // What a dead process left is settled as recovered, and then it is not open any more.
    private static Task<long> OpenAsync(MetricsDbContext db, string tenantId, MonthPeriod period, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>($"""
            SELECT (SELECT count(*) FROM requests r
                    WHERE ({tenantId} = '' OR r.tenant_id = {tenantId}) AND r.started_at >= {period.From} AND r.started_at < {period.To}
                      AND r.id >= first_uuid_at({period.From} - interval '1 day') AND r.id < first_uuid_at({period.To} + interval '1 day')
                      AND (r.settlement IS NULL OR r.attempt_count > (SELECT count(*) FROM attempts a WHERE a.tenant_id = r.tenant_id AND a.request_id = r.id AND a.settlement IS NOT NULL)))
                 + (SELECT count(DISTINCT a.request_id) FROM attempts a
                    WHERE ({tenantId} = '' OR a.tenant_id = {tenantId}) AND a.request_started_at >= {period.From} AND a.request_started_at < {period.To}
                      AND a.id >= first_uuid_at({period.From} - interval '1 day') AND a.id < first_uuid_at({period.To} + interval '3 days')
                      AND a.settlement IS NULL AND NOT EXISTS (SELECT FROM requests r WHERE r.id = a.request_id AND r.settlement IS NULL)) AS "Value"
            """).SingleAsync(cancellationToken);

    private static Task<List<FrozenTotal>> TotalsAsync(MetricsDbContext db, string tenantId, MonthPeriod period, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<FrozenTotal>($"""
            SELECT a.tenant_id, a.currency, a.simulated, count(*) AS attempts, sum(a.billed) AS billed FROM attempts a
            WHERE ({tenantId} = '' OR a.tenant_id = {tenantId}) AND a.request_started_at >= {period.From} AND a.request_started_at < {period.To}
              AND a.id >= first_uuid_at({period.From} - interval '1 day') AND a.id < first_uuid_at({period.To} + interval '3 days') AND a.billed IS NOT NULL
            GROUP BY a.tenant_id, a.currency, a.simulated ORDER BY a.tenant_id, a.currency, a.simulated
            """).ToListAsync(cancellationToken);
}
