using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Writes job rows: the same content under the same id is accepted once, a new content replaces the old one.</summary>
internal sealed partial class DocumentIntake(IDbContextFactory<IndexingDbContext> contexts, DocumentQueue queue, TimeProvider time)
{
    private const int MaxTextBytes = 256 * 1024;

    public async Task<IntakeResult> SubmitAsync(DocumentSubmission submission, string? traceParent, CancellationToken cancellationToken)
    {
        if (Refusal(submission) is { } refusal)
            return refusal;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{submission.Title}\0{submission.Text}")));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await UpsertAsync(db, submission, hash, traceParent, cancellationToken);
        queue.Wake();
        return new IntakeResult.Accepted((await FindAsync(submission.TenantId, submission.Collection, submission.DocumentId, cancellationToken))!);
    }

    public async Task<DocumentStatus?> FindAsync(string tenantId, string collection, string documentId, CancellationToken cancellationToken)
    {
        // Postgres has no NUL in text: asking for it is an error there, and no document has it.
        if (collection.Contains('\0') || documentId.Contains('\0'))
            return null;

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Documents
            .Where(d => d.TenantId == tenantId && d.Collection == collection && d.ExternalId == documentId)
            .Select(d => new DocumentStatus(
                d.Collection,
                d.ExternalId,
                d.Title,
                d.State,
                d.FailureReason,
                db.Chunks.Count(c => c.TenantId == tenantId && c.DocumentId == d.Id),
                d.SubmittedAt,
                d.IndexedAt))
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task UpsertAsync(IndexingDbContext db, DocumentSubmission submission, string hash, string? traceParent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"insert into collections (tenant_id, name, created_at) values ({submission.TenantId}, {submission.Collection}, {now}) on conflict do nothing",
            cancellationToken);
        // Only new content goes back to the queue; the row lock that the conflict takes makes concurrent twins one document.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into documents (tenant_id, id, collection, external_id, title, text, content_hash, state, failure_reason, tries, next_try_at, submitted_at, trace_parent)
            values ({submission.TenantId}, {Guid.CreateVersion7(now)}, {submission.Collection}, {submission.DocumentId}, {submission.Title}, {submission.Text},
                    {hash}, {(int)DocumentState.Queued}, '', 0, {now}, {now}, {new NpgsqlParameter { Value = (object?)traceParent ?? DBNull.Value }})
            on conflict (tenant_id, collection, external_id) do update
            set title = excluded.title, text = excluded.text, content_hash = excluded.content_hash, state = excluded.state, failure_reason = '', tries = 0,
                next_try_at = excluded.next_try_at, submitted_at = excluded.submitted_at, indexed_at = null, trace_parent = excluded.trace_parent
            where documents.content_hash <> excluded.content_hash or documents.state = {(int)DocumentState.Failed}
            """,
            cancellationToken);
    }

    private static IntakeResult.Rejected? Refusal(DocumentSubmission submission) => submission switch
    {
        _ when !CollectionName().IsMatch(submission.Collection) =>
            new("A collection's name has 1 to 64 lower-case letters, digits and hyphens.", "collection"),
        // A message from the queue may lack a member, whatever its type says.
        { DocumentId: null or { Length: 0 or > 256 } } => new("A document's id has 1 to 256 characters.", "document_id"),
        _ when submission.DocumentId.Contains('\0') => new("The document's id holds a NUL character.", "document_id"),
        { Title: null } => new("The document has no title; an empty one is allowed.", "title"),
        { Title.Length: > 512 } => new("A document's title has at most 512 characters.", "title"),
        _ when submission.Title.Contains('\0') => new("The document's title holds a NUL character.", "title"),
        _ when string.IsNullOrWhiteSpace(submission.Text) => new("The document has no text.", "text"),
        _ when Encoding.UTF8.GetByteCount(submission.Text) > MaxTextBytes => new("The document's text is larger than 256 KiB.", "text"),
        _ when submission.Text.Contains('\0') => new("The document's text holds a NUL character.", "text"),
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex CollectionName();
}
