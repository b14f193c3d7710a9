using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Outcome of decoding a client's embeddings request.</summary>
public abstract record EmbeddingsRequestDecoding
{
    private EmbeddingsRequestDecoding()
    {
    }

    /// <summary>The request is well formed.</summary>
    /// <param name="Request">The request; its end user is left empty.</param>
    /// <param name="Base64">True when the client wants vectors as base64.</param>
    /// <param name="Warnings">What was dropped or changed.</param>
    /// <param name="EndUser">The end user's id as the client sent it; empty when none.</param>
    public sealed record Decoded(EmbeddingsRequest Request, bool Base64, IReadOnlyList<Warning> Warnings, string EndUser = "") : EmbeddingsRequestDecoding;

    /// <summary>The request is refused.</summary>
    public sealed record Rejected(Failure Failure) : EmbeddingsRequestDecoding;
}
