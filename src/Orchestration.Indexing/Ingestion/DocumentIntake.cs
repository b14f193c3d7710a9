using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Writes job rows: the same content under the same id is accepted once, a new content replaces the old one.</summary>
internal sealed class DocumentIntake(
    IDbContextFactory<IndexingDbContext> contexts, DocumentQueue queue, IOptions<ExtractionOptions> limits, TimeProvider time)
{
    // A collection that is deleted between its row and the document's takes the document's place away.
    private const int Attempts = 5;

    public async Task<IntakeResult> SubmitAsync(DocumentSubmission submission, string? traceParent, CancellationToken cancellationToken)
    {
        if (submission.File is { Bytes.Length: > 0 } file && submission.DocumentId is "")
            submission = submission with { DocumentId = $"sha256-{Convert.ToHexStringLower(SHA256.HashData(file.Bytes))}" };
        if (SubmissionChecks.Refuse(submission, limits.Value) is { } refusal)
            return refusal;

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await WriteAsync(db, submission, traceParent, cancellationToken))
                    return new IntakeResult.Deleted();
                break;
            }
            catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation && attempt < Attempts)
            {
                // The next attempt makes the collection anew.
            }
        }

        queue.Wake();
        return await FindAsync(submission.TenantId, submission.Collection, submission.DocumentId, cancellationToken) is { } document
            ? new IntakeResult.Accepted(document)
            : new IntakeResult.Deleted();
    }

    public async Task<DocumentStatus?> FindAsync(string tenantId, string collection, string documentId, CancellationToken cancellationToken)
    {
        // Postgres has no NUL in text: asking for it is an error there, and no document has it.
        if (collection.Contains('\0') || documentId.Contains('\0'))
            return null;

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = db.Documents.Where(d => d.TenantId == tenantId && d.Collection == collection && d.ExternalId == documentId);
        return await DocumentListing.Status(db, row).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>False when a deletion that came later than the message has the last word.</returns>
    private async Task<bool> WriteAsync(IndexingDbContext db, DocumentSubmission submission, string? traceParent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"insert into collections (tenant_id, name, created_at) values ({submission.TenantId}, {submission.Collection}, {now}) on conflict do nothing",
            cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await UpsertAsync(db, submission, traceParent, now, cancellationToken) is { } id)
            await KeepFileAsync(db, submission, id, cancellationToken);
        // Asked last: a deletion that held the row until now has left its mark.
        if (submission.SentAt is { } sentAt && await IsDeletedSinceAsync(db, submission, sentAt, cancellationToken))
            return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static Task<bool> IsDeletedSinceAsync(
        IndexingDbContext db, DocumentSubmission submission, DateTimeOffset sentAt, CancellationToken cancellationToken) =>
        db.DeletedDocuments.AnyAsync(
            d => d.TenantId == submission.TenantId && d.Collection == submission.Collection
                && (d.ExternalId == submission.DocumentId || d.ExternalId == "") && d.DeletedAt >= sentAt,
            cancellationToken);

    /// <returns>The document's row; null when it has this content already.</returns>
    private static async Task<Guid?> UpsertAsync(
        IndexingDbContext db, DocumentSubmission submission, string? traceParent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = submission.File is null ? HiddenCharacters.Strip(submission.Text) : "";
        // Only new content goes back to the queue; the row lock that the conflict takes makes concurrent twins one document.
        var written = await db.Database.SqlQuery<Guid>(
            $"""
            insert into documents (tenant_id, id, collection, external_id, title, text, content_hash, state, failure_reason, tries, next_try_at, submitted_at,
                                   trace_parent, priority, file_name, media_type, size)
            values ({submission.TenantId}, {Guid.CreateVersion7(now)}, {submission.Collection}, {submission.DocumentId}, {HiddenCharacters.Strip(submission.Title)}, {text},
                    {Hash(submission)}, {(int)DocumentState.Queued}, '', 0, {now}, {now}, {new NpgsqlParameter { Value = (object?)traceParent ?? DBNull.Value }},
                    {(int)Priority(submission)}, {submission.File?.Name ?? ""}, {submission.File?.MediaType ?? ""}, {Size(submission)})
            on conflict (tenant_id, collection, external_id) do update
            set title = excluded.title, text = excluded.text, content_hash = excluded.content_hash, state = excluded.state, failure_reason = '', failure_code = '',
                excused_tries = documents.tries, next_try_at = excluded.next_try_at, submitted_at = excluded.submitted_at, indexed_at = null,
                trace_parent = excluded.trace_parent, priority = excluded.priority, file_name = excluded.file_name, media_type = excluded.media_type,
                size = excluded.size, stage = 0, chunks_done = 0, chunks_total = 0
            where documents.content_hash <> excluded.content_hash or documents.state in ({(int)DocumentState.Failed}, {(int)DocumentState.Cancelled})
            returning id as "Value"
            """).ToListAsync(cancellationToken);
        return written.Count > 0 ? written[0] : null;
    }

    private static async Task KeepFileAsync(IndexingDbContext db, DocumentSubmission submission, Guid id, CancellationToken cancellationToken)
    {
        await db.DocumentFiles.Where(f => f.TenantId == submission.TenantId && f.DocumentId == id).ExecuteDeleteAsync(cancellationToken);
        if (submission.File is not { } file)
            return;
        db.DocumentFiles.Add(new DocumentFileRow { TenantId = submission.TenantId, DocumentId = id, Content = file.Bytes });
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private static DocumentPriority Priority(DocumentSubmission submission) =>
        submission.Priority == DocumentPriority.Unspecified ? DocumentPriority.Normal : submission.Priority;

    private static int Size(DocumentSubmission submission) => submission.File?.Bytes.Length ?? Encoding.UTF8.GetByteCount(submission.Text);

    private static string Hash(DocumentSubmission submission)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{submission.Title}\0{submission.Text}"));
        if (submission.File is { } file)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{file.Name}\0{file.MediaType}\0"));
            hash.AppendData(file.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
