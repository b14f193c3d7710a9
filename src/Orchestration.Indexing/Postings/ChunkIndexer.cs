using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Semantics;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Postings;

/// <summary>
/// Puts a document into every open index of its collection and takes it out again: terms, vectors and the collection's statistics,
/// within the caller's transaction, so that they never disagree with the chunks.
/// </summary>
internal sealed class ChunkIndexer(TextAnalyzer analyser, IndexVersions versions, TimeProvider time)
{
    /// <summary>Replaces what the indexes hold of the document.</summary>
    /// <exception cref="EmbedderChangedException">The collection is pinned to another embedder, or to vectors of another length.</exception>
    public async Task ReplaceAsync(NpgsqlConnection connection, DocumentChunks document, CancellationToken cancellationToken)
    {
        // Worked out before anything is locked.
        var counted = Count(document);
        await connection.EnterTenantAsync(document.TenantId, cancellationToken);
        foreach (var version in await versions.OpenForWritingAsync(connection, document.TenantId, document.Collection, document.Embedder, cancellationToken))
        {
            await IndexEntries.RemoveAsync(connection, version, document.DocumentId, cancellationToken);
            // An index that is built for another embedder gets the document's vectors from its builder.
            if (version.State == IndexVersionState.Building && version.Embedder != document.Embedder)
                continue;
            if (version.Embedder != document.Embedder)
                throw new EmbedderChangedException(version.Embedder, document.Embedder);
            await AddAsync(connection, version, document, counted, cancellationToken);
            await AskForUpkeepAsync(connection, version, cancellationToken);
        }
    }

    /// <summary>Takes the document out of every index of its collection.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, string tenantId, string collection, Guid documentId, CancellationToken cancellationToken)
    {
        await connection.EnterTenantAsync(tenantId, cancellationToken);
        foreach (var version in await IndexVersions.FindForWritingAsync(connection, tenantId, collection, cancellationToken))
            await IndexEntries.RemoveAsync(connection, version, documentId, cancellationToken);
    }

    /// <summary>Adds a document to one index.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection, IndexVersionRow version, DocumentChunks document, IReadOnlyList<TermCounts> counted, CancellationToken cancellationToken)
    {
        if (counted.Count == 0)
            return;

        var vectors = document.Embedder == LatentSpace.Model
            ? await LatentTerms.PlaceAsync(connection, version, counted, cancellationToken)
            : [.. document.Chunks.Select(chunk => chunk.Vector)];
        await DemandLengthAsync(connection, version, vectors, cancellationToken);
        await IndexEntries.AddAsync(connection, version, document, counted, vectors, cancellationToken);
    }

    /// <summary>The terms under which each chunk is found.</summary>
    public List<TermCounts> Count(DocumentChunks document) =>
        [.. document.Chunks.Select(chunk => analyser.Count($"{document.Title}\n{chunk.Headings}\n{chunk.Text}"))];

    private static async Task DemandLengthAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<ReadOnlyMemory<float>?> vectors, CancellationToken cancellationToken)
    {
        foreach (var vector in vectors)
        {
            if (vector is not { Length: var length } || length == version.Dimensions)
                continue;
            if (version.Dimensions is { } pinned)
                throw new EmbedderChangedException($"{version.Embedder} ({pinned} dimensions)", $"{length} dimensions");
            version.Dimensions = length;
            await connection.DoAsync(
                "update index_versions set dimensions = $3 where tenant_id = $1 and id = $2", [version.TenantId, version.Id, length], cancellationToken);
        }
    }

    // The vector side is looked at anew whenever the collection has doubled, so that the work stays in proportion to what was added.
    private Task AskForUpkeepAsync(NpgsqlConnection connection, IndexVersionRow version, CancellationToken cancellationToken) =>
        version.State == IndexVersionState.Live && version.Chunks >= Math.Max(VectorTrial.FewestChunks, 2 * version.MeasuredChunks)
            ? connection.DoAsync(
                "insert into index_tasks (tenant_id, collection, due_at) values ($1, $2, $3) on conflict do nothing",
                [version.TenantId, version.Collection, time.GetUtcNow()], cancellationToken)
            : Task.CompletedTask;
}
