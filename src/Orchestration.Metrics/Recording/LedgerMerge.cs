using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Merges rows into the ledger inside a transaction. Locks are taken in one order: new requests, new attempts, requests that
/// stand, attempts that stand, each by id, then leases, and rollups last; so two replicas cannot deadlock.
/// </summary>
/// <remarks>
/// First the rows that do not exist are made: what the statement returns is new, whatever others do at the same time. All other
/// rows exist then, can be locked, and their state before the merge is known for certain.
/// </remarks>
internal sealed class LedgerMerge(NpgsqlConnection connection, LedgerRows rows)
{
    /// <summary>The changes; complete after <see cref="RunAsync"/>.</summary>
    public LedgerChange Change { get; } = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (rows.Requests.Count + rows.Attempts.Count == 0)
            return;

        var (requests, attempts) = await InsertAsync(cancellationToken);
        if (requests.Count + attempts.Count > 0)
            await MergeAsync(requests, attempts, cancellationToken);
    }

    private async Task<(List<RequestRow> Requests, List<AttemptRow> Attempts)> InsertAsync(CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        // Plans are made while a month is new and its partition empty; they must not read whole partitions later.
        foreach (var setting in new[] { "enable_seqscan", "enable_hashjoin", "enable_mergejoin" })
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SET LOCAL {setting} = off"));
        LedgerTables.Requests.AddInsert(batch, rows.Requests);
        LedgerTables.Attempts.AddInsert(batch, rows.Attempts);
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var requests = (await LedgerTables.Requests.ReadAsync(reader, cancellationToken)).ToDictionary(row => row.Id);
        await reader.NextResultAsync(cancellationToken);
        var attempts = (await LedgerTables.Attempts.ReadAsync(reader, cancellationToken)).ToDictionary(row => row.Id);
        foreach (var request in requests.Values)
            Change.Add(null, request);
        foreach (var attempt in attempts.Values)
            Change.Add(null, attempt);
        return (
            [.. rows.Requests.Where(row => !requests.ContainsKey(row.Id))],
            [.. rows.Attempts.Where(row => !attempts.ContainsKey(row.Id))]);
    }

    private async Task MergeAsync(List<RequestRow> requests, List<AttemptRow> attempts, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        LedgerTables.Requests.AddLock(batch, requests);
        LedgerTables.Attempts.AddLock(batch, attempts);
        LedgerTables.Requests.AddMerge(batch, requests);
        LedgerTables.Attempts.AddMerge(batch, attempts);
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var requestsBefore = (await LedgerTables.Requests.ReadAsync(reader, cancellationToken)).ToDictionary(row => row.Id);
        await reader.NextResultAsync(cancellationToken);
        var attemptsBefore = (await LedgerTables.Attempts.ReadAsync(reader, cancellationToken)).ToDictionary(row => row.Id);
        await reader.NextResultAsync(cancellationToken);
        foreach (var request in await LedgerTables.Requests.ReadAsync(reader, cancellationToken))
            Change.Add(requestsBefore[request.Id], request);
        await reader.NextResultAsync(cancellationToken);
        foreach (var attempt in await LedgerTables.Attempts.ReadAsync(reader, cancellationToken))
            Change.Add(attemptsBefore[attempt.Id], attempt);

        RefuseContradictions(requests, requestsBefore, attempts, attemptsBefore);
    }

    private void RefuseContradictions(
        List<RequestRow> requests,
        Dictionary<Guid, RequestFacts> requestsBefore,
        List<AttemptRow> attempts,
        Dictionary<Guid, AttemptFacts> attemptsBefore)
    {
        foreach (var row in requests)
        {
            var stood = requestsBefore[row.Id];
            Refuse(row, stood.Dimensions.TenantId, stood.AdmittedEventId, stood.CompletedEventId);
        }

        foreach (var row in attempts)
        {
            var stood = attemptsBefore[row.Id];
            Refuse(row, stood.Dimensions.TenantId, stood.StartedEventId, stood.FinishedEventId);
        }
    }

    /// <summary>Refuses events whose half of a row had been told by another event, or of another tenant.</summary>
    private void Refuse(ILedgerRow row, string tenantId, Guid? first, Guid? second)
    {
        var moved = row.Dimensions.TenantId != tenantId;
        foreach (var (told, stood) in new[] { (row.First, first), (row.Second, second) })
        {
            if (told is not null && (moved || stood is not null) && told.Event.EventId != stood)
                rows.Refused.Add(new RefusedEvent(told, RefusedEvent.Contradiction));
        }
    }
}
