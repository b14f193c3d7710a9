using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Data;

internal sealed class CollectionRow
{
    public required string TenantId { get; init; }

    public required string Name { get; init; }

    /// <summary>"provider/model" that embeds the collection; null until the first document was embedded.</summary>
    public string? EmbeddingModel { get; set; }

    /// <summary>Length of the collection's vectors; null until the first document was embedded.</summary>
    public int? Dimensions { get; set; }

    /// <summary>Share of the vector side in hybrid searches, 0 to 1; null takes what the index found to be right.</summary>
    public double? VectorWeight { get; set; }

    /// <summary>Most tokens of a chunk, by estimate; null takes the installation's.</summary>
    public int? ChunkTokens { get; init; }

    public TrustTier TrustTier { get; init; } = TrustTier.Internal;

    public required DateTimeOffset CreatedAt { get; init; }
}
