using Npgsql;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Repricing;
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
    private readonly List<(RequestFacts? Before, RequestFacts After)> _requests = [];
    private readonly List<(AttemptFacts? Before, AttemptFacts After)> _attempts = [];

    /// <summary>Requests to be booked on their leases, by id.</summary>
    public IReadOnlyCollection<SettledRequest> Settled => _settled.Values;

    public void Add(RequestFacts? before, RequestFacts after)
    {
        _requests.Add((before, after));
        if (SettledRequest.Of(before, after) is { } settled)
            _settled[settled.RequestId] = settled;
    }

    public void Add(AttemptFacts? before, AttemptFacts after) => _attempts.Add((before, after));

    /// <summary>Writes what follows from the changed rows. The last step before the commit.</summary>
    public async Task CompleteAsync(NpgsqlConnection connection, BudgetBooking booking, CancellationToken cancellationToken)
    {
        var closed = await ReadClosedAsync(connection, cancellationToken);
        await booking.BookAsync(connection, [.. Settled], cancellationToken);
        var lines = new LateLines();
        foreach (var (before, after) in _requests)
        {
            if (closed.Of(after.Dimensions) is null)
                _rollups.Change(before, after);
            else
                _rollups.Hold(before, after);
        }

        var attempts = _attempts.Select(change => (Month: closed.Of(change.After.Dimensions), change.Before, change.After)).ToList();
        var adjusted = await AdjustedAttempts.EndAsync(
            connection,
            [.. attempts.Where(change => change.Month is not null && AdjustedAttempts.IsReplaced(change.Before, change.After)).Select(change => change.After.Id)],
            cancellationToken);
        foreach (var (month, before, after) in attempts)
        {
            if (month is null)
            {
                _rollups.Change(before, after);
                continue;
            }

            _rollups.Hold(before, after);
            lines.Add(month, before, after, adjusted.GetValueOrDefault(after.Id));
        }

        await lines.WriteAsync(connection, cancellationToken);
        await _rollups.WriteAsync(connection, cancellationToken);
    }

    private async Task<ClosedSpans> ReadClosedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_requests.Count + _attempts.Count == 0)
            return ClosedSpans.None;

        var first = _requests.Select(change => change.After.Dimensions.StartedAt).Concat(_attempts.Select(change => change.After.Dimensions.StartedAt)).Min();
        return await ClosedSpans.ReadAsync(connection, first, cancellationToken);
    }
}
