using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Budgets.Booking;

/// <summary>
/// Moves the cost of settled requests from leased to spent, in the transaction that records them and as its last step, since it holds the
/// rows that every grant of these budgets needs.
/// </summary>
internal sealed partial class BudgetBooking(ILogger<BudgetBooking> logger)
{
    private const string MarkCrossings = """
        INSERT INTO budget_crossings (budget_id, period_starts_at, percent, spent, amount, crossed_at)
        SELECT p.budget_id, p.starts_at, t.percent, p.spent + p.simulated, p.amount, clock_timestamp()
        FROM budget_periods p JOIN budgets b ON b.id = p.budget_id CROSS JOIN LATERAL unnest(b.thresholds) AS t (percent)
        WHERE (p.budget_id, p.starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
          AND p.amount > 0 AND (p.spent + p.simulated) * 100 >= t.percent * p.amount
        ON CONFLICT DO NOTHING
        """;

    public async Task BookAsync(NpgsqlConnection connection, IReadOnlyList<SettledRequest> requests, CancellationToken cancellationToken)
    {
        Guid[] leaseIds = [.. requests.SelectMany(request => request.Slices).Select(slice => slice.LeaseId).Distinct()];
        if (leaseIds.Length == 0)
            return;

        var locked = await LockedAccounts.OfLeasesAsync(connection, leaseIds, cancellationToken);
        foreach (var request in requests)
            Book(request, locked);
        if (locked.Leases.Count == 0)
            return;

        await locked.SaveAsync(connection, cancellationToken);
        await MarkCrossingsAsync(connection, locked.Periods, cancellationToken);
    }

    /// <summary>Notes the thresholds that periods have passed, each once per period.</summary>
    public static Task MarkCrossingsAsync(NpgsqlConnection connection, IReadOnlyCollection<PeriodAccount> periods, CancellationToken cancellationToken) =>
        connection.Command(
            MarkCrossings,
            periods.Select(period => period.BudgetId).ToArray(),
            periods.Select(period => period.StartsAt).ToArray()).ExecuteAsync(cancellationToken);

    // A lease fixes the period: it never outlives it, so that the clocks of two machines cannot put a request into another one.
    private void Book(SettledRequest request, LockedAccounts locked)
    {
        foreach (var level in request.Slices.GroupBy(slice => locked.Find(slice.LeaseId)?.Period))
        {
            LeaseSlice[] slices = [.. level];
            if (level.Key is not { } period || slices.Any(slice => locked.Find(slice.LeaseId)!.TenantId != request.TenantId) || period.Currency != request.Currency)
            {
                Log.Unbookable(logger, request.RequestId, slices[0].LeaseId);
                continue;
            }

            if (request.Simulated && !period.CountsSimulated)
                continue;

            var now = Spread(request.Cost, slices);
            var before = Spread(request.PreviousCost ?? 0, slices);
            for (var index = 0; index < slices.Length; index++)
                locked.Find(slices[index].LeaseId)!.Book(now[index] - before[index], request.Simulated);
        }
    }

    /// <summary>A cost over the slices of one budget: each is filled in turn, and the last takes what is too much for all.</summary>
    internal static decimal[] Spread(decimal cost, IReadOnlyList<LeaseSlice> slices)
    {
        var parts = new decimal[slices.Count];
        for (var index = 0; index < parts.Length; index++)
        {
            parts[index] = index == parts.Length - 1 ? cost : Math.Min(cost, slices[index].Amount);
            cost -= parts[index];
        }

        return parts;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} names lease {LeaseId}, which is not a lease of its tenant and currency; its cost is in the ledger but in no budget")]
        public static partial void Unbookable(ILogger logger, Guid requestId, Guid leaseId);
    }
}
