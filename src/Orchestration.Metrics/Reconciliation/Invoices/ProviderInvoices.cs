using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Reconciliation.Data;

namespace Orchestration.Metrics.Reconciliation.Invoices;

/// <summary>Invoices as they were entered, and the ledger beside them as it is now.</summary>
internal sealed class ProviderInvoices(IDbContextFactory<MetricsDbContext> contexts, RecordedSpend recorded)
{
    public async Task EnterAsync(StoredInvoice invoice, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(invoice);
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<StoredInvoice?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<StoredInvoice>().AsNoTracking().Include(invoice => invoice.Lines).SingleOrDefaultAsync(invoice => invoice.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredInvoice>> ListAsync(int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<StoredInvoice>().AsNoTracking().OrderByDescending(invoice => invoice.Id).Take(count).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<InvoiceLine>> CompareAsync(StoredInvoice invoice, CancellationToken cancellationToken)
    {
        var known = await recorded.OfAsync(invoice.Provider, invoice.Currency, invoice.FirstDay, invoice.LastDay, cancellationToken);
        var invoiced = invoice.Lines.ToDictionary(line => (line.Day, line.Model), line => line.Amount);
        var ledger = known.ToDictionary(line => (line.Day, line.Model));
        return
        [
            .. invoiced.Keys.Union(ledger.Keys)
                .OrderBy(key => key.Day).ThenBy(key => key.Model, StringComparer.Ordinal)
                .Select(key => new InvoiceLine(
                    key.Day, key.Model, invoiced.GetValueOrDefault(key), ledger.GetValueOrDefault(key)?.Amount ?? 0,
                    ledger.GetValueOrDefault(key)?.Unsure ?? 0, ledger.GetValueOrDefault(key)?.Attempts ?? 0)),
        ];
    }
}

/// <summary>What a provider charges beside what the ledger recorded.</summary>
internal sealed record InvoiceLine(DateOnly? Day, string Model, decimal Invoiced, decimal Recorded, decimal Unsure, long Attempts)
{
    public decimal Difference => Invoiced - Recorded;

    public static InvoiceLine TotalOf(IReadOnlyList<InvoiceLine> lines) => new(
        null, "", lines.Sum(line => line.Invoiced), lines.Sum(line => line.Recorded), lines.Sum(line => line.Unsure), lines.Sum(line => line.Attempts));

    public bool IsWithin(decimal percent) => Math.Abs(Difference) * 100 <= percent * Math.Abs(Recorded);
}
