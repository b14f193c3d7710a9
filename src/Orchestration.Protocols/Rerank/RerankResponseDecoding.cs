using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Protocols.Rerank;

/// <summary>Outcome of decoding a provider's ranks.</summary>
public abstract record RerankResponseDecoding
{
    private RerankResponseDecoding()
    {
    }

    /// <summary>The ranks are complete and sound.</summary>
    /// <param name="Response">Ranks by falling relevance without texts, usage (source PROVIDER, or absent when none was reported), the reported model and id.</param>
    public sealed record Decoded(RerankResponse Response) : RerankResponseDecoding;

    /// <summary>The answer is an error or breaks the protocol; nothing of it may be used.</summary>
    /// <param name="Failure">What is wrong with it.</param>
    /// <param name="Reported">What the provider said all the same, without ranks: its usage is billed.</param>
    public sealed record Failed(Failure Failure, RerankResponse Reported) : RerankResponseDecoding;
}
