using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>A question that was looked for.</summary>
/// <param name="RequestId">UUIDv7 of the request.</param>
/// <param name="Partition">Where.</param>
/// <param name="Rules">Of its route.</param>
/// <param name="Asked">The question.</param>
/// <param name="Vector">Its vector.</param>
internal sealed record SemanticLook(Guid RequestId, SemanticPartition Partition, SemanticRules Rules, QuestionText Asked, float[] Vector)
{
    /// <summary>What would be given again; null when nothing would, or nobody looked.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>The candidate is compared with what the model answers.</summary>
    public bool IsShadow { get; init; }

    /// <summary>The candidate stands above the threshold.</summary>
    public bool IsHit { get; init; }
}
