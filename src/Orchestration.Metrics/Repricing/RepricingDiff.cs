using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

/// <summary>What a re-pricing changes, per tenant and model.</summary>
internal static class RepricingDiff
{
    public static async Task<IReadOnlyList<RepricingDifference>> ReadAsync(MetricsDbContext db, Guid repricing, CancellationToken cancellationToken)
    {
        var rows = await db.Database.SqlQuery<Row>($"""
            SELECT r.tenant_id, r.provider, r.model, r.currency, r.cost_currency, count(*) AS attempts,
                   sum(r.billed_before) AS billed_before, sum(r.billed_after) AS billed_after, sum(r.cost_before) AS cost_before, sum(r.cost_after) AS cost_after,
                   coalesce(sum(r.billed_after - r.billed_before) FILTER (WHERE r.state = 'adjusted' OR (r.state = 'pending' AND EXISTS (
                       SELECT FROM closed_months m WHERE m.tenant_id IN ('', r.tenant_id) AND r.request_started_at >= m.period_from AND r.request_started_at < m.period_to))), 0) AS adjusted
            FROM repriced_attempts r WHERE r.repricing_id = {repricing}
            GROUP BY r.tenant_id, r.provider, r.model, r.currency, r.cost_currency
            ORDER BY r.tenant_id, r.provider, r.model, r.currency, r.cost_currency
            """).ToListAsync(cancellationToken);
        return [.. rows.Select(ToWire)];
    }

    private static RepricingDifference ToWire(Row row) => new()
    {
        TenantId = row.TenantId,
        Provider = row.Provider,
        Model = row.Model,
        Attempts = row.Attempts,
        BilledBefore = new Money(row.BilledBefore, row.Currency).ToProto(),
        BilledAfter = new Money(row.BilledAfter, row.Currency).ToProto(),
        BilledDifference = (new Money(row.BilledAfter, row.Currency) - new Money(row.BilledBefore, row.Currency)).ToProto(),
        CostBefore = new Money(row.CostBefore, row.CostCurrency).ToProto(),
        CostAfter = new Money(row.CostAfter, row.CostCurrency).ToProto(),
        Adjusted = new Money(row.Adjusted, row.Currency).ToProto(),
    };

    private sealed record Row(
        string TenantId, string Provider, string Model, string Currency, string CostCurrency, long Attempts,
        decimal BilledBefore, decimal BilledAfter, decimal CostBefore, decimal CostAfter, decimal Adjusted);
}
