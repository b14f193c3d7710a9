using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Search;

/// <summary>What to look for and where.</summary>
internal sealed record PassageQuery(string TenantId, string Collection, string Text, int Limit);

/// <summary>What a search came to.</summary>
internal abstract record SearchResult
{
    private SearchResult()
    {
    }

    internal sealed record Found(IReadOnlyList<Passage> Passages) : SearchResult;

    internal sealed record UnknownCollection : SearchResult;

    /// <summary>The model that the collection is pinned to does not answer.</summary>
    internal sealed record EmbedderAway(string Message) : SearchResult;

    internal sealed record Rejected(string Message, string Param) : SearchResult;
}
