using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Chunking;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Extraction;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Semantics;
using Orchestration.Indexing.Versions;
using Pgvector;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Turns one leased document into searchable chunks, in one transaction.</summary>
internal sealed class DocumentIndexer(
    IDbContextFactory<IndexingDbContext> contexts,
    GatewayEmbedder embedder,
    TextExtraction extraction,
    DocumentQueue queue,
    ChunkIndexer indexes,
    IOptions<IngestionOptions> options,
    IndexingTelemetry telemetry,
    TimeProvider time)
{
    private const int LongestTitle = 512;

    /// <exception cref="ExtractionException">Its file cannot be read.</exception>
    public async Task IndexAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        if (!await ReadFileAsync(document, cancellationToken))
            return;

        var collection = await CollectionAsync(document, cancellationToken);
        var pinned = collection.EmbeddingModel;
        var isOwnSpace = (pinned ?? options.Value.EmbeddingModel) == LatentSpace.Model;
        var chunks = TextChunker.Split(document.Text, new ChunkSettings(collection.ChunkTokens ?? options.Value.ChunkTokens));
        var vectors = new List<Vector>(chunks.Count);
        foreach (var batch in isOwnSpace ? [] : chunks.Chunk(options.Value.EmbeddingBatch))
        {
            // Every batch is paid for: who no longer holds the document leaves it to the worker that took it over.
            if (!await queue.KeepAsync(document, Progress(DocumentStage.Embedding, vectors.Count, chunks.Count), cancellationToken))
                return;

            var texts = batch.Select(chunk => document.Text[chunk.Start..chunk.End]);
            var embedded = await embedder.EmbedAsync(
                document.TenantId, "ingest", pinned, options.Value.EmbeddingModel, texts, cancellationToken);
            pinned = embedded.Model;
            vectors.AddRange(embedded.Vectors);
        }

        if (!await SaveAsync(document, chunks, vectors, pinned ?? LatentSpace.Model, cancellationToken))
            return;

        telemetry.ChunksEmbedded.Add(chunks.Count);
        telemetry.DocumentsIndexed.Add(1, new KeyValuePair<string, object?>("state", "indexed"));
    }

    /// <summary>Makes the document's text of its file, if it came as one; false when the document is no longer this worker's.</summary>
    private async Task<bool> ReadFileAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var content = await db.DocumentFiles
            .Where(f => f.TenantId == document.TenantId && f.DocumentId == document.Id)
            .Select(f => f.Content)
            .SingleOrDefaultAsync(cancellationToken);
        if (content is null)
            return document.Text.Length > 0 ? true : throw UnreadableFile.Missing();
        if (!await queue.KeepAsync(document, Progress(DocumentStage.Reading, 0, 0), cancellationToken))
            return false;

        switch (await extraction.ExtractAsync(new SourceFile(content, document.FileName, document.MediaType), cancellationToken))
        {
            case ExtractionResult.Extracted extracted:
                document.Text = extracted.Text;
                document.Title = document.Title.Length > 0 ? document.Title : extracted.Title[..Math.Min(extracted.Title.Length, LongestTitle)];
                return await queue.KeepAsync(document, Progress(DocumentStage.Indexing, 0, 0), cancellationToken);
            case ExtractionResult.Unreadable unreadable:
                throw new ExtractionException(unreadable.Code, unreadable.Reason);
            default:
                throw new InvalidOperationException("Unknown extraction result.");
        }
    }

    private static DocumentProgress Progress(DocumentStage stage, int done, int total) => new() { Stage = stage, ChunksDone = done, ChunksTotal = total };

    private async Task<CollectionRow> CollectionAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Collections.AsNoTracking()
            .SingleAsync(c => c.TenantId == document.TenantId && c.Name == document.Collection, cancellationToken);
    }

    private async Task<bool> SaveAsync(
        DocumentRow document, List<TextPiece> chunks, List<Vector> vectors, string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await IndexVersions.LockAsync(connection, document.TenantId, document.Collection, alone: false, cancellationToken);
        var now = time.GetUtcNow();

        // A newer submission has another hash, a worker that took over has more tries: either will index it, this result is stale.
        var current = await db.Documents
            .HeldAs(document)
            .Where(d => d.State == DocumentState.Processing)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, DocumentState.Indexed).SetProperty(d => d.FailureReason, "").SetProperty(d => d.IndexedAt, now)
                    .SetProperty(d => d.Title, document.Title).SetProperty(d => d.Text, document.Text),
                cancellationToken);
        if (current == 0)
            return false;

        await db.DocumentFiles.Where(f => f.TenantId == document.TenantId && f.DocumentId == document.Id).ExecuteDeleteAsync(cancellationToken);
        await PinAsync(db, document, model, vectors.Count > 0 ? vectors[0].Memory.Length : null, cancellationToken);
        await db.Chunks.Where(c => c.TenantId == document.TenantId && c.DocumentId == document.Id).ExecuteDeleteAsync(cancellationToken);
        db.Chunks.AddRange(chunks.Select((chunk, ordinal) => new ChunkRow
        {
            TenantId = document.TenantId,
            DocumentId = document.Id,
            Ordinal = ordinal,
            Text = document.Text[chunk.Start..chunk.End],
            Headings = chunk.Headings,
            StartOffset = chunk.Start,
            EndOffset = chunk.End,
        }));
        await db.SaveChangesAsync(cancellationToken);
        await indexes.ReplaceAsync(
            connection,
            new DocumentChunks(document.TenantId, document.Collection, document.Id, document.Title, model, [.. chunks.Select((chunk, ordinal) =>
                new DocumentChunk(ordinal, document.Text[chunk.Start..chunk.End], chunk.Headings, vectors.Count > 0 ? vectors[ordinal].Memory : null))]),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task PinAsync(IndexingDbContext db, DocumentRow document, string model, int? dimensions, CancellationToken cancellationToken)
    {
        await db.Collections
            .Where(c => c.TenantId == document.TenantId && c.Name == document.Collection && c.EmbeddingModel == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EmbeddingModel, model).SetProperty(c => c.Dimensions, dimensions), cancellationToken);

        var pinned = await db.Collections.AsNoTracking()
            .SingleAsync(c => c.TenantId == document.TenantId && c.Name == document.Collection, cancellationToken);
        if (pinned.EmbeddingModel == model && pinned.Dimensions is null && dimensions is not null)
        {
            await db.Collections
                .Where(c => c.TenantId == document.TenantId && c.Name == document.Collection)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Dimensions, dimensions), cancellationToken);
        }
        else if (pinned.EmbeddingModel != model || pinned.Dimensions != dimensions)
            throw new EmbedderChangedException(pinned.EmbeddingModel!, model);
    }
}
