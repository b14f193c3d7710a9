using Npgsql;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Changes rows that stand, other than by events: settles what a dead process left open, or gives attempts another price. The
/// rows are locked, changed by the caller's statements, and read again; rollups and budgets follow by the difference.
/// </summary>
/// <remarks>
/// The caller owns the transaction. It gives every id at once, since locks are taken in the recorder's order: requests by id,
/// then attempts by id, then leases, then rollups. A recorder that waits for one of the rows merges its event after the commit.
/// </remarks>
internal static class LedgerAmendment
{
    private static readonly string LockRequests = $"SELECT {RequestFacts.Columns} FROM requests WHERE id = ANY ($1) ORDER BY id FOR UPDATE";
    private static readonly string LockAttempts = $"SELECT {AttemptFacts.Columns} FROM attempts WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    /// <summary>Runs a change of the given rows inside the connection's transaction.</summary>
    /// <param name="connection">Connection with an open transaction.</param>
    /// <param name="booking">Books what the change of costs means for budgets.</param>
    /// <param name="requestIds">Requests that the change may touch.</param>
    /// <param name="attemptIds">Attempts that the change may touch.</param>
    /// <param name="change">Changes the rows, which are locked now; it checks again what it knew before the lock.</param>
    /// <param name="cancellationToken">Ends the work; the caller then rolls back.</param>
    public static async Task ApplyAsync(
        NpgsqlConnection connection,
        BudgetBooking booking,
        IReadOnlyCollection<Guid> requestIds,
        IReadOnlyCollection<Guid> attemptIds,
        Func<CancellationToken, Task> change,
        CancellationToken cancellationToken)
    {
        var requests = await ReadAsync(connection, LockRequests, requestIds, RequestFacts.Read, cancellationToken);
        var attempts = await ReadAsync(connection, LockAttempts, attemptIds, AttemptFacts.Read, cancellationToken);
        await change(cancellationToken);

        var changed = new LedgerChange();
        var before = requests.ToDictionary(request => request.Id);
        foreach (var request in await ReadAsync(connection, LockRequests, requestIds, RequestFacts.Read, cancellationToken))
            changed.Add(before.GetValueOrDefault(request.Id), request);
        var attemptsBefore = attempts.ToDictionary(attempt => attempt.Id);
        foreach (var attempt in await ReadAsync(connection, LockAttempts, attemptIds, AttemptFacts.Read, cancellationToken))
            changed.Add(attemptsBefore.GetValueOrDefault(attempt.Id), attempt);
        await changed.CompleteAsync(connection, booking, cancellationToken);
    }

    private static async Task<List<TFacts>> ReadAsync<TFacts>(
        NpgsqlConnection connection,
        string query,
        IReadOnlyCollection<Guid> ids,
        Func<NpgsqlDataReader, TFacts> read,
        CancellationToken cancellationToken)
    {
        var facts = new List<TFacts>(ids.Count);
        if (ids.Count == 0)
            return facts;

        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            facts.Add(read(reader));
        return facts;
    }
}
