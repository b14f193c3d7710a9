using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Querying;

/// <summary>
/// Lists requests by their ids. Conditions without an index are checked on windows of rows along an index, and only for so long:
/// however rare a row is, a page costs a bounded time and tells where to go on.
/// </summary>
internal sealed class RequestSearch(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
{
    /// <summary>At most <paramref name="size"/> requests that come after <paramref name="after"/> in the order of the terms.</summary>
    public async Task<RequestPage> FindAsync(SearchTerms terms, Guid? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var lead = SearchConditions.LeadOf(terms);
        var rows = context.Requests.AsNoTracking().Fenced(terms).Led(lead, terms.Filter);
        var others = SearchConditions.Others(terms, lead);
        var (found, next) = others.Count == 0
            ? await GoAsync(rows.Begun(terms), terms, after, size, cancellationToken)
            : await WalkAsync(rows, accepted => others.Aggregate(accepted.Begun(terms), (left, other) => other(left)), terms, after, size, cancellationToken);
        return new RequestPage(await LedgerQueries.JoinAsync(context, found, cancellationToken), next);
    }

    private static async Task<(List<LedgerRequest> Found, Guid? Next)> GoAsync(
        IQueryable<LedgerRequest> rows, SearchTerms terms, Guid? after, int size, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether another page follows.
        var found = await InOrder(Past(rows, after, terms), terms.OldestFirst).Take(size + 1).ToListAsync(cancellationToken);
        if (found.Count <= size)
            return (found, null);
        found.RemoveAt(size);
        return (found, found[^1].Id);
    }

    private async Task<(List<LedgerRequest> Found, Guid? Next)> WalkAsync(
        IQueryable<LedgerRequest> rows,
        Func<IQueryable<LedgerRequest>, IQueryable<LedgerRequest>> accept,
        SearchTerms terms,
        Guid? after,
        int size,
        CancellationToken cancellationToken)
    {
        var pace = new SearchPace(timeProvider);
        var found = new List<LedgerRequest>();
        while (true)
        {
            var rest = Past(rows, after, terms);
            if (await EdgeAsync(rest, after, pace.Window, terms.OldestFirst, cancellationToken) is not { } edge)
                return (found, null);

            var inside = terms.OldestFirst ? rest.Where(row => row.Id <= edge) : rest.Where(row => row.Id >= edge);
            found.AddRange(await InOrder(accept(inside), terms.OldestFirst).Take(size + 1 - found.Count).ToListAsync(cancellationToken));
            if (found.Count > size)
            {
                found.RemoveAt(size);
                return (found, found[^1].Id);
            }

            if (!pace.GoOn() || found.Count == size)
                return (found, edge);
            after = edge;
        }
    }

    /// <summary>The last row of the window; null when there are no more rows.</summary>
    private static async Task<Guid?> EdgeAsync(IQueryable<LedgerRequest> rest, Guid? after, int window, bool oldestFirst, CancellationToken cancellationToken)
    {
        // Planning over all months takes longer than most windows do: the month at hand is tried alone.
        if (after is { } last && await EdgeAsync(IdRange.InMonthOf(rest, last, oldestFirst), window, oldestFirst, cancellationToken) is { } near)
            return near;
        return await EdgeAsync(rest, window, oldestFirst, cancellationToken);
    }

    private static async Task<Guid?> EdgeAsync(IQueryable<LedgerRequest> rest, int window, bool oldestFirst, CancellationToken cancellationToken)
    {
        var rows = InOrder(InOrder(rest, oldestFirst).Take(window), !oldestFirst);
        return await rows.Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<LedgerRequest> Past(IQueryable<LedgerRequest> rows, Guid? after, SearchTerms terms) => after is not { } last
        ? rows
        : terms.OldestFirst ? rows.Where(row => row.Id > last) : rows.Where(row => row.Id < last);

    private static IQueryable<LedgerRequest> InOrder(IQueryable<LedgerRequest> rows, bool oldestFirst) =>
        oldestFirst ? rows.OrderBy(row => row.Id) : rows.OrderByDescending(row => row.Id);
}

/// <summary>Requests in order, and the place to go on from; null when there is nothing after them.</summary>
internal sealed record RequestPage(IReadOnlyList<RequestWithAttempts> Requests, Guid? Next);
