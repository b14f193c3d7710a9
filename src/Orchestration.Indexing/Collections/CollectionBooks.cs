using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Chunking;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Collections;

/// <summary>What became of the wish for a collection.</summary>
internal abstract record CreationResult
{
    private CreationResult()
    {
    }

    /// <summary>It is there, as wished for: just made, or since before.</summary>
    internal sealed record Created(Collection Collection) : CreationResult;

    internal sealed record Rejected(string Message, string Param) : CreationResult;

    /// <summary>It is there with other settings.</summary>
    internal sealed record Taken : CreationResult;
}

/// <summary>Makes collections and tells what is in them.</summary>
internal sealed class CollectionBooks(IDbContextFactory<IndexingDbContext> contexts, TimeProvider time)
{
    public async Task<CreationResult> CreateAsync(string tenantId, CreateCollectionRequest wish, CancellationToken cancellationToken)
    {
        if (Refuse(wish) is { } refused)
            return refused;
        var tier = wish.TrustTier == TrustTier.Unspecified ? TrustTier.Internal : wish.TrustTier;
        var (model, tokens, weight) = (wish.EmbeddingModel.Length > 0 ? wish.EmbeddingModel : null, wish.ChunkTokens > 0 ? wish.ChunkTokens : (int?)null, wish.HasVectorWeight ? wish.VectorWeight : (double?)null);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var made = await db.Database.ExecuteSqlAsync(
            $"""
            insert into collections (tenant_id, name, embedding_model, vector_weight, chunk_tokens, trust_tier, created_at)
            values ({tenantId}, {wish.Name}, {Maybe(model, NpgsqlDbType.Text)}, {Maybe(weight, NpgsqlDbType.Double)}, {Maybe(tokens, NpgsqlDbType.Integer)}, {(int)tier}, {time.GetUtcNow()}) on conflict do nothing
            """, cancellationToken);
        var there = await FindAsync(tenantId, wish.Name, cancellationToken);
        if (there is null)
            return new CreationResult.Taken();
        var isAsWished = there.TrustTier == tier && there.ChunkTokens == (tokens ?? 0) && (model is null || there.EmbeddingModel == model)
            && (there.HasVectorWeight ? there.VectorWeight : (double?)null) == weight;
        return made > 0 || isAsWished ? new CreationResult.Created(there) : new CreationResult.Taken();
    }

    public async Task<Collection?> FindAsync(string tenantId, string name, CancellationToken cancellationToken) =>
        name.Contains('\0') ? null : (await ReadAsync(tenantId, name, cancellationToken)).SingleOrDefault();

    public Task<List<Collection>> ListAsync(string tenantId, CancellationToken cancellationToken) => ReadAsync(tenantId, null, cancellationToken);

    private static NpgsqlParameter Maybe(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static CreationResult.Rejected? Refuse(CreateCollectionRequest wish) => wish switch
    {
        _ when !SubmissionChecks.IsCollectionName(wish.Name) => new(SubmissionChecks.NameRule, "name"),
        { EmbeddingModel.Length: > 256 } => new("A model's name has at most 256 characters.", "embedding_model"),
        { EmbeddingModel.Length: > 0 } when !wish.EmbeddingModel.Contains('/') || wish.EmbeddingModel.Contains('\0') =>
            new("An embedding model is named as \"provider/model\".", "embedding_model"),
        { ChunkTokens: not 0 and (< ChunkSettings.Least or > ChunkSettings.Most) } => new("A chunk has 32 to 4,096 tokens.", "chunk_tokens"),
        { HasVectorWeight: true, VectorWeight: var weight } when !(weight is >= 0 and <= 1) => new("The vector side's weight is 0 to 1.", "vector_weight"),
        _ when !Enum.IsDefined(wish.TrustTier) => new("A trust tier is internal or external.", "trust_tier"),
        _ => null,
    };

    private async Task<List<Collection>> ReadAsync(string tenantId, string? name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Row-level security shows indexes to their tenant only.
        await db.Database.ExecuteSqlAsync($"select set_config('app.tenant', {tenantId}, true)", cancellationToken);
        var collections = await db.Collections.AsNoTracking()
            .Where(c => c.TenantId == tenantId && (name == null || c.Name == name))
            .OrderBy(c => c.Name)
            .ToListAsync(cancellationToken);
        var counts = await db.Documents
            .Where(d => d.TenantId == tenantId && (name == null || d.Collection == name))
            .GroupBy(d => new { d.Collection, d.State })
            .Select(group => new { group.Key.Collection, group.Key.State, Count = group.Count() })
            .ToListAsync(cancellationToken);
        var live = await db.IndexVersions.AsNoTracking()
            .Where(v => v.TenantId == tenantId && v.State == IndexVersionState.Live && (name == null || v.Collection == name))
            .ToListAsync(cancellationToken);
        return collections.ConvertAll(row => Describe(
            row,
            state => counts.Find(count => count.Collection == row.Name && count.State == state)?.Count ?? 0,
            live.Find(version => version.Collection == row.Name)));
    }

    private static Collection Describe(CollectionRow row, Func<DocumentState, int> documents, IndexVersionRow? live)
    {
        var collection = new Collection
        {
            Name = row.Name,
            EmbeddingModel = row.EmbeddingModel ?? "",
            Dimensions = row.Dimensions ?? 0,
            ChunkTokens = row.ChunkTokens ?? 0,
            TrustTier = row.TrustTier,
            CreatedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(row.CreatedAt),
            Documents = new DocumentCounts
            {
                Queued = documents(DocumentState.Queued),
                Processing = documents(DocumentState.Processing),
                Indexed = documents(DocumentState.Indexed),
                Failed = documents(DocumentState.Failed),
                Cancelled = documents(DocumentState.Cancelled),
            },
            Chunks = live?.Chunks ?? 0,
            IndexVersion = live?.Id ?? 0,
        };
        if (row.VectorWeight is { } weight)
            collection.VectorWeight = weight;
        return collection;
    }
}
