using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>What became of a wish about a document.</summary>
internal enum ControlOutcome
{
    Done,
    NotFound,

    /// <summary>The document is in a state in which there is nothing to do.</summary>
    OutOfPlace,
}

/// <summary>Takes documents out of the queue and puts them back.</summary>
internal sealed class DocumentControl(IDbContextFactory<IndexingDbContext> contexts, DocumentQueue queue, TimeProvider time)
{
    /// <summary>A worker that is at it notices at its next write, which does nothing.</summary>
    public Task<ControlOutcome> CancelAsync(string tenantId, string collection, string documentId, CancellationToken cancellationToken) =>
        ChangeAsync(tenantId, collection, documentId, async (document, _) => await document
            .Where(d => d.State == DocumentState.Queued || d.State == DocumentState.Processing)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DocumentState.Cancelled), cancellationToken), cancellationToken);

    public async Task<ControlOutcome> RetryAsync(string tenantId, string collection, string documentId, CancellationToken cancellationToken)
    {
        var outcome = await ChangeAsync(tenantId, collection, documentId, async (document, now) => await document
            .Where(d => d.State == DocumentState.Failed || d.State == DocumentState.Cancelled)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, DocumentState.Queued)
                    .SetProperty(d => d.FailureCode, "")
                    .SetProperty(d => d.FailureReason, "")
                    .SetProperty(d => d.ExcusedTries, d => d.Tries)
                    .SetProperty(d => d.SubmittedAt, now)
                    .SetProperty(d => d.NextTryAt, now),
                cancellationToken), cancellationToken);
        if (outcome == ControlOutcome.Done)
            queue.Wake();
        return outcome;
    }

    private async Task<ControlOutcome> ChangeAsync(
        string tenantId, string collection, string documentId, Func<IQueryable<DocumentRow>, DateTimeOffset, Task<int>> change, CancellationToken cancellationToken)
    {
        if (collection.Contains('\0') || documentId.Contains('\0'))
            return ControlOutcome.NotFound;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var document = db.Documents.Where(d => d.TenantId == tenantId && d.Collection == collection && d.ExternalId == documentId);
        if (await change(document, time.GetUtcNow()) > 0)
            return ControlOutcome.Done;
        return await document.AnyAsync(cancellationToken) ? ControlOutcome.OutOfPlace : ControlOutcome.NotFound;
    }
}
