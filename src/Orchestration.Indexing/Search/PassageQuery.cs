using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Search;

/// <summary>What to look for and where.</summary>
internal sealed record PassageQuery(string TenantId, string Collection, string Text, int Limit)
{
    /// <summary>Hybrid unless one side is asked for.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Hybrid;

    /// <summary>Share of the vector side, 0 to 1; null takes the collection's own.</summary>
    public double? VectorWeight { get; init; }

    public PassageFilter Filter { get; init; } = PassageFilter.None;

    /// <summary>Whether passages that follow each other become one.</summary>
    public bool MergeNeighbours { get; init; }

    /// <summary>Whether each passage says what its terms contributed.</summary>
    public bool Explain { get; init; }
}

/// <summary>Which documents count; what is empty or null does not limit.</summary>
internal sealed record PassageFilter(
    IReadOnlyList<string> DocumentIds, string DocumentIdPrefix, DateTimeOffset? SubmittedFrom, DateTimeOffset? SubmittedBefore)
{
    public static PassageFilter None { get; } = new([], "", null, null);

    public bool IsNone => DocumentIds.Count == 0 && DocumentIdPrefix.Length == 0 && SubmittedFrom is null && SubmittedBefore is null;
}
