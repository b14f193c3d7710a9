namespace Orchestration.Indexing.Data;

internal sealed class CollectionRow
{
    public required string TenantId { get; init; }

    public required string Name { get; init; }

    /// <summary>"provider/model" that embeds the collection; null until the first document was embedded.</summary>
    public string? EmbeddingModel { get; set; }

    /// <summary>Length of the collection's vectors; null until the first document was embedded.</summary>
    public int? Dimensions { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
