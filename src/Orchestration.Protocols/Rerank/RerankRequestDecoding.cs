using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Protocols.Rerank;

/// <summary>Outcome of decoding a client's rerank request.</summary>
public abstract record RerankRequestDecoding
{
    private RerankRequestDecoding()
    {
    }

    /// <summary>The request is well formed.</summary>
    /// <param name="Request">The request; its end user is left empty.</param>
    /// <param name="Warnings">What was dropped or changed.</param>
    /// <param name="EndUser">The end user's id as the client sent it; empty when none.</param>
    public sealed record Decoded(RerankRequest Request, IReadOnlyList<Warning> Warnings, string EndUser) : RerankRequestDecoding;

    /// <summary>The request is refused.</summary>
    public sealed record Rejected(Failure Failure) : RerankRequestDecoding;
}
