using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>The queue of documents in Postgres: a worker leases a row, and a lease that runs out frees it again.</summary>
internal sealed class DocumentQueue(
    IDbContextFactory<IndexingDbContext> contexts, IngestionNews news, IOptions<IngestionOptions> options, TimeProvider time) : IDisposable
{
    private static readonly Setback GivenUp = new("interrupted", "Indexing was interrupted in every try; submit the document again.", SetbackKind.Permanent);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>Tells a waiting worker that there may be work.</summary>
    public void Wake() => _signal.Release();

    /// <summary>Waits until somebody wakes the queue or the poll interval has passed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(options.Value.PollInterval, cancellationToken);

    /// <summary>Leases the document of the highest priority that has waited longest, or returns null when none is due.</summary>
    public async Task<DocumentRow?> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await GiveUpAsync(db, now, cancellationToken);
        var taken = await db.Documents.FromSql(
            $"""
            update documents set state = {(int)DocumentState.Processing}, tries = tries + 1, next_try_at = {now + options.Value.Lease}, stage = 0,
                chunks_done = 0, chunks_total = 0
            where (tenant_id, id) = (
                select tenant_id, id from documents
                where state in ({(int)DocumentState.Queued}, {(int)DocumentState.Processing}) and next_try_at <= {now}
                order by priority desc, next_try_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return taken.SingleOrDefault();
    }

    /// <summary>Lengthens the lease and tells how far the work is; false when the document is no longer this worker's.</summary>
    public async Task<bool> KeepAsync(DocumentRow document, DocumentProgress progress, CancellationToken cancellationToken)
    {
        var (stage, done, total) = (progress.Stage, progress.ChunksDone, progress.ChunksTotal);
        var until = time.GetUtcNow() + options.Value.Lease;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Documents
            .HeldAs(document)
            .Where(d => d.State == DocumentState.Processing)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.NextTryAt, until).SetProperty(d => d.Stage, stage).SetProperty(d => d.ChunksDone, done).SetProperty(d => d.ChunksTotal, total),
                cancellationToken) > 0;
    }

    /// <summary>Puts a document back for a later try, or fails it when there is none to be had.</summary>
    public async Task ReturnAsync(DocumentRow document, Setback setback, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var excused = setback.Kind == SetbackKind.SomethingIsAway && now - document.SubmittedAt < LongestWait ? 1 : 0;
        var counted = document.Tries - document.ExcusedTries;
        var failed = setback.Kind == SetbackKind.Permanent || (excused == 0 && counted >= options.Value.MaxTries);
        var state = failed ? DocumentState.Failed : DocumentState.Queued;
        var next = now + TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(document.Tries, 16)), 300));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await db.Documents
            .HeldAs(document)
            .Where(d => d.State == DocumentState.Processing)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, state)
                    .SetProperty(d => d.ExcusedTries, d => d.ExcusedTries + excused)
                    .SetProperty(d => d.FailureCode, failed ? setback.Code : "")
                    .SetProperty(d => d.FailureReason, failed ? setback.Reason : "")
                    .SetProperty(d => d.NextTryAt, next),
                cancellationToken);
        if (failed && changed > 0)
            news.Failed(document, setback.Reason);
    }

    public void Dispose() => _signal.Dispose();

    // A worker that dies returns nothing: without this, a document that kills its process would be tried, and paid for, for ever.
    private async Task GiveUpAsync(IndexingDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hopeless = await db.Documents.AsNoTracking()
            .Where(d => d.State == DocumentState.Queued || d.State == DocumentState.Processing)
            .Where(d => d.NextTryAt <= now && d.Tries - d.ExcusedTries >= options.Value.MaxTries)
            .ToListAsync(cancellationToken);
        foreach (var document in hopeless)
        {
            var changed = await db.Documents.HeldAs(document)
                .Where(d => d.State == document.State && d.NextTryAt <= now)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.State, DocumentState.Failed).SetProperty(d => d.FailureCode, GivenUp.Code).SetProperty(d => d.FailureReason, GivenUp.Reason),
                    cancellationToken);
            if (changed > 0)
                news.Failed(document, GivenUp.Reason);
        }
    }
}
