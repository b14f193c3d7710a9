using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Search;

/// <summary>What a search came to.</summary>
internal abstract record SearchResult
{
    private SearchResult()
    {
    }

    /// <param name="Passages">Best first.</param>
    /// <param name="Mode">What was done: a hybrid search is one of text alone where the vector side has no say.</param>
    /// <param name="VectorWeight">Share that the vector side had.</param>
    /// <param name="SimilarityThreshold">Similarity from which the embedder's neighbours are more than chance; 0 as long as it is not known.</param>
    /// <param name="IndexVersion">Index that answered; 0 without one.</param>
    internal sealed record Found(
        IReadOnlyList<Passage> Passages, SearchMode Mode, double VectorWeight, double SimilarityThreshold, int IndexVersion) : SearchResult
    {
        public static Found Nothing { get; } = new([], SearchMode.Text, 0, 0, 0);
    }

    internal sealed record UnknownCollection : SearchResult;

    /// <summary>The model that the collection is pinned to does not answer.</summary>
    internal sealed record EmbedderAway(string Message) : SearchResult;

    internal sealed record Rejected(string Message, string Param) : SearchResult;
}
