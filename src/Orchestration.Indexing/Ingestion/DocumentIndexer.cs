using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Chunking;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Semantics;
using Pgvector;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Turns one leased document into searchable chunks, in one transaction.</summary>
internal sealed class DocumentIndexer(
    IDbContextFactory<IndexingDbContext> contexts,
    GatewayEmbedder embedder,
    DocumentQueue queue,
    ChunkIndexer indexes,
    IOptions<IngestionOptions> options,
    IndexingTelemetry telemetry,
    TimeProvider time)
{
    public async Task IndexAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        var pinned = await PinnedModelAsync(document, cancellationToken);
        var isOwnSpace = (pinned ?? options.Value.EmbeddingModel) == LatentSpace.Model;
        var chunks = TextChunker.Split(document.Text, new ChunkSettings(options.Value.ChunkTokens));
        var vectors = new List<Vector>(chunks.Count);
        foreach (var batch in isOwnSpace ? [] : chunks.Chunk(options.Value.EmbeddingBatch))
        {
            // Every batch is paid for: who no longer holds the document leaves it to the worker that took it over.
            if (!await queue.KeepAsync(document, cancellationToken))
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

    private async Task<string?> PinnedModelAsync(DocumentRow document, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Collections
            .Where(c => c.TenantId == document.TenantId && c.Name == document.Collection)
            .Select(c => c.EmbeddingModel)
            .SingleAsync(cancellationToken);
    }

    private async Task<bool> SaveAsync(
        DocumentRow document, List<TextPiece> chunks, List<Vector> vectors, string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();

        // A newer submission has another hash, a worker that took over has more tries: either will index it, this result is stale.
        var current = await db.Documents
            .HeldAs(document)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, DocumentState.Indexed).SetProperty(d => d.FailureReason, "").SetProperty(d => d.IndexedAt, now),
                cancellationToken);
        if (current == 0)
            return false;

        await PinAsync(db, document, model, vectors.Count > 0 ? vectors[0].Memory.Length : null, cancellationToken);
        await db.Chunks.Where(c => c.TenantId == document.TenantId && c.DocumentId == document.Id).ExecuteDeleteAsync(cancellationToken);
        db.Chunks.AddRange(chunks.Select((chunk, ordinal) => new ChunkRow
        {
            TenantId = document.TenantId,
            DocumentId = document.Id,
            Ordinal = ordinal,
            Text = document.Text[chunk.Start..chunk.End],
            StartOffset = chunk.Start,
            EndOffset = chunk.End,
        }));
        await db.SaveChangesAsync(cancellationToken);
        await indexes.ReplaceAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(),
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
        if (pinned.EmbeddingModel != model || pinned.Dimensions != dimensions)
            throw new EmbedderChangedException(pinned.EmbeddingModel!, model);
    }
}
