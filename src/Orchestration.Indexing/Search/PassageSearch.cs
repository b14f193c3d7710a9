using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Pgvector;
using Pgvector.EntityFrameworkCore;

namespace Orchestration.Indexing.Search;

/// <summary>Finds the passages whose vectors are nearest to the query's, by exact scan within tenant and collection.</summary>
internal sealed class PassageSearch(IDbContextFactory<IndexingDbContext> contexts, GatewayEmbedder embedder)
{
    public async Task<SearchResult> SearchAsync(PassageQuery query, CancellationToken cancellationToken)
    {
        if (query.Text.Length is 0 or > 4096)
            return new SearchResult.Rejected("A query has 1 to 4,096 characters.", "query");
        if (query.Limit is < 1 or > 100)
            return new SearchResult.Rejected("The limit is 1 to 100.", "limit");

        // Postgres has no NUL in text: asking for it is an error there.
        if (query.Collection.Contains('\0'))
            return new SearchResult.UnknownCollection();

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var collection = await db.Collections.AsNoTracking()
            .SingleOrDefaultAsync(c => c.TenantId == query.TenantId && c.Name == query.Collection, cancellationToken);
        if (collection is null)
            return new SearchResult.UnknownCollection();
        if (collection.EmbeddingModel is null)
            return new SearchResult.Found([]);

        try
        {
            var embedded = await embedder.EmbedAsync(
                query.TenantId, "query", collection.EmbeddingModel, collection.EmbeddingModel, [query.Text], cancellationToken);
            return new SearchResult.Found(await NearestAsync(db, query, embedded.Vectors[0], cancellationToken));
        }
        catch (EmbedderChangedException changed)
        {
            return new SearchResult.EmbedderAway(changed.Message);
        }
    }

    private static Task<List<Passage>> NearestAsync(IndexingDbContext db, PassageQuery query, Vector vector, CancellationToken cancellationToken) =>
        (from chunk in db.Chunks
         join document in db.Documents on new { chunk.TenantId, Id = chunk.DocumentId } equals new { document.TenantId, document.Id }
         where chunk.TenantId == query.TenantId && document.Collection == query.Collection
         orderby chunk.Embedding.CosineDistance(vector)
         select new Passage
         {
             DocumentId = document.ExternalId,
             Title = document.Title,
             Chunk = chunk.Ordinal,
             Text = chunk.Text,
             StartOffset = chunk.StartOffset,
             EndOffset = chunk.EndOffset,
             Score = 1 - chunk.Embedding.CosineDistance(vector),
         })
        .Take(query.Limit)
        .ToListAsync(cancellationToken);
}
