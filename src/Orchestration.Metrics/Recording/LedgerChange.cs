using Npgsql;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// What a transaction changes in the ledger, row by row, and all that follows from it: rollups move by the difference, budgets
/// are booked. Every change of a settled row goes through here.
/// </summary>
internal sealed class LedgerChange
{
    private readonly RollupDelta _rollups = new();
    private readonly SortedDictionary<Guid, SettledRequest> _settled = [];

    /// <summary>Requests to be booked on their leases, by id.</summary>
    public IReadOnlyCollection<SettledRequest> Settled => _settled.Values;

    public void Add(RequestFacts? before, RequestFacts after)
    {
        _rollups.Change(before, after);
        if (SettledRequest.Of(before, after) is { } settled)
            _settled[settled.RequestId] = settled;
    }

    public void Add(AttemptFacts? before, AttemptFacts after) => _rollups.Change(before, after);

    /// <summary>Writes what follows from the changed rows. The last step before the commit.</summary>
    public async Task CompleteAsync(NpgsqlConnection connection, BudgetBooking booking, CancellationToken cancellationToken)
    {
        await booking.BookAsync(connection, [.. Settled], cancellationToken);
        await _rollups.WriteAsync(connection, cancellationToken);
    }
}
