using Microsoft.Extensions.AI;

namespace Orchestration.Client.Rerank;

/// <summary>Texts by falling relevance.</summary>
/// <param name="Results">The most relevant first.</param>
public sealed record Ranking(IReadOnlyList<RankedText> Results)
{
    /// <summary>Catalogue id of the model that ranked; null when the gateway did not tell.</summary>
    public string? ModelId { get; init; }

    /// <summary>Token counts; null when none were told.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>Billed search units; 0 where tokens are billed.</summary>
    public long SearchUnits { get; init; }

    /// <summary>Request id, provider, route, cost and warnings.</summary>
    public OrchestrationFacts Facts { get; init; } = new();
}

/// <summary>One text with its relevance.</summary>
/// <param name="Index">Its position among the documents that were sent.</param>
/// <param name="Relevance">The model's score; larger is more relevant. Scores of different models cannot be compared.</param>
/// <param name="Text">The text.</param>
public sealed record RankedText(int Index, double Relevance, string Text);
