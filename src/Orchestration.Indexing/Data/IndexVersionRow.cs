using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Data;

/// <summary>One index of a collection: made by one analyser and one embedder, with its own postings and vectors.</summary>
internal sealed class IndexVersionRow
{
    public required string TenantId { get; init; }

    /// <summary>Number of the index among all indexes; names its partitions of postings and vectors.</summary>
    public int Id { get; init; }

    public required string Collection { get; init; }

    public required IndexVersionState State { get; set; }

    /// <summary>Version of the analyser that made the postings.</summary>
    public required int Analyser { get; init; }

    /// <summary>"provider/model" of the vectors, or the collection's own latent-semantic space.</summary>
    public required string Embedder { get; init; }

    /// <summary>Length of the vectors; null until the first ones are there.</summary>
    public int? Dimensions { get; set; }

    public int Chunks { get; set; }

    /// <summary>Terms of all chunks, repetitions counted.</summary>
    public long Terms { get; set; }

    /// <summary>Number of the next chunk; numbers are never used again.</summary>
    public int NextChunk { get; set; }

    /// <summary>Chunks that were there when the vector side was last looked at.</summary>
    public int MeasuredChunks { get; set; }

    /// <summary>Share of the vector side in a hybrid score, 0 to 1; 0 until it has earned its place.</summary>
    public double VectorWeight { get; set; }

    /// <summary>Mean similarity of two chunks that have nothing to do with each other: what lies below says nothing.</summary>
    public double UsualSimilarity { get; set; }

    /// <summary>Similarity that one in a hundred unrelated pairs of chunks reaches: a passage found by its vector alone must pass it.</summary>
    public double SimilarityThreshold { get; set; }

    /// <summary>When the index came into its state.</summary>
    public required DateTimeOffset StateAt { get; set; }
}
