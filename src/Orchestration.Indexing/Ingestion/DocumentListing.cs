using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>A page of a collection's documents.</summary>
/// <param name="Documents">By id.</param>
/// <param name="HasMore">Whether more follow.</param>
internal sealed record DocumentPage(IReadOnlyList<DocumentStatus> Documents, bool HasMore);

/// <summary>Reads how far documents are.</summary>
internal sealed class DocumentListing(IDbContextFactory<IndexingDbContext> contexts)
{
    /// <returns>Null when there is no such collection.</returns>
    public async Task<DocumentPage?> ListAsync(
        string tenantId, string collection, string after, DocumentState state, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (collection.Contains('\0') || after.Contains('\0') || !await db.Collections.AnyAsync(c => c.TenantId == tenantId && c.Name == collection, cancellationToken))
            return null;
        var rows = db.Documents
            .Where(d => d.TenantId == tenantId && d.Collection == collection && d.ExternalId.CompareTo(after) > 0)
            .Where(d => state == DocumentState.Unspecified || d.State == state)
            .OrderBy(d => d.ExternalId)
            .Take(limit + 1);
        var documents = await Status(db, rows).ToListAsync(cancellationToken);
        return new DocumentPage([.. documents.Take(limit)], documents.Count > limit);
    }

    public static IQueryable<DocumentStatus> Status(IndexingDbContext db, IQueryable<DocumentRow> rows) =>
        rows
            .Select(d => new DocumentStatus(
                d.Collection,
                d.ExternalId,
                d.Title,
                d.State,
                d.FailureReason,
                db.Chunks.Count(c => c.TenantId == d.TenantId && c.DocumentId == d.Id),
                d.SubmittedAt,
                d.IndexedAt)
            {
                FailureCode = d.FailureCode,
                Priority = d.Priority,
                Progress = new DocumentProgress { Stage = d.Stage, ChunksDone = d.ChunksDone, ChunksTotal = d.ChunksTotal },
                Size = d.Size,
                MediaType = d.MediaType,
                Tries = d.Tries - d.ExcusedTries,
            });
}
