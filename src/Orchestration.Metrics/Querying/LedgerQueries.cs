using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Querying;

/// <summary>Reads the ledger. An empty tenant reads as an operator, over all tenants.</summary>
internal sealed class LedgerQueries(IDbContextFactory<MetricsDbContext> contexts)
{
    private const int MostCounted = 10_000;

    // The recovery of what is open leaves no attempt a day behind its request; the rest is for clocks that differ.
    private static readonly TimeSpan AttemptMargin = TimeSpan.FromDays(2);

    public async Task<RequestWithAttempts?> FindAsync(string tenantId, Guid requestId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var request = await Fenced(context, tenantId).SingleOrDefaultAsync(row => row.Id == requestId, cancellationToken);
        return request is null ? null : (await JoinAsync(context, [request], cancellationToken))[0];
    }

    /// <summary>
    /// Totals are what the planner believes once they are large, since counting a ledger reads all of it; what a person must act
    /// on is exact.
    /// </summary>
    public async Task<LedgerCounts> CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return new LedgerCounts(
            await TotalAsync(context, context.Requests, "requests", cancellationToken),
            await TotalAsync(context, context.Attempts, "attempts", cancellationToken),
            await WaitingEvents(context).LongCountAsync(cancellationToken),
            await context.Requests.LongCountAsync(row => row.CompletedEventId == null && row.Settlement == null, cancellationToken));
    }

    /// <summary>Events in quarantine that a person must decide about.</summary>
    public async Task<long> CountQuarantinedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await WaitingEvents(context).LongCountAsync(cancellationToken);
    }

    private static IQueryable<QuarantinedEvent> WaitingEvents(MetricsDbContext context) => context.QuarantinedEvents.Where(row => row.State == "waiting");

    private static async Task<long> TotalAsync<TRow>(
        MetricsDbContext context,
        IQueryable<TRow> rows,
        string table,
        CancellationToken cancellationToken)
    {
        var counted = await rows.Take(MostCounted + 1).LongCountAsync(cancellationToken);
        return counted <= MostCounted ? counted : Math.Max(counted, await EstimateAsync(context, table, cancellationToken));
    }

    /// <summary>The sum over the table's partitions; one that was never analyzed says -1, and counts as empty.</summary>
    internal static Task<long> EstimateAsync(MetricsDbContext context, string table, CancellationToken cancellationToken) =>
        context.Database.SqlQuery<long>(
            $"""
            SELECT coalesce(sum(greatest(part.reltuples, 0)), 0)::bigint AS "Value"
            FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
            WHERE inhparent = to_regclass({table})
            """).SingleAsync(cancellationToken);

    private static IQueryable<LedgerRequest> Fenced(MetricsDbContext context, string tenantId)
    {
        var requests = context.Requests.AsNoTracking();
        return tenantId.Length == 0 ? requests : requests.Where(row => row.TenantId == tenantId);
    }

    /// <summary>The requests with their attempts.</summary>
    internal static async Task<IReadOnlyList<RequestWithAttempts>> JoinAsync(
        MetricsDbContext context,
        IReadOnlyList<LedgerRequest> requests,
        CancellationToken cancellationToken)
    {
        if (requests.Count == 0)
            return [];

        var tenants = requests.Select(row => row.TenantId).Distinct().ToArray();
        var ids = requests.Select(row => row.Id).ToArray();
        // Attempts have ids of their own time, by which they are partitioned.
        var made = requests.Select(row => IdRange.InstantOf(row.Id)).ToList();
        var (first, last) = (IdRange.FirstAt(made.Min() - AttemptMargin), IdRange.FirstAt(made.Max() + AttemptMargin));
        var attempts = await context.Attempts.AsNoTracking()
            .Where(row => tenants.Contains(row.TenantId) && ids.Contains(row.RequestId) && row.Id >= first && row.Id < last)
            .OrderBy(row => row.Ordinal).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);
        var byRequest = attempts.ToLookup(row => (row.TenantId, row.RequestId));
        return [.. requests.Select(row => new RequestWithAttempts(row, [.. byRequest[(row.TenantId, row.Id)]]))];
    }
}

/// <summary>A request with those of its attempts that have arrived, in order.</summary>
internal sealed record RequestWithAttempts(LedgerRequest Request, IReadOnlyList<LedgerAttempt> Attempts);

/// <summary>How far the ledger is.</summary>
internal sealed record LedgerCounts(long Requests, long Attempts, long Quarantined, long Open);
