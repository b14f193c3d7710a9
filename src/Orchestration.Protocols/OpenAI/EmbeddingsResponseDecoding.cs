using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Outcome of decoding a provider's embeddings.</summary>
public abstract record EmbeddingsResponseDecoding
{
    private EmbeddingsResponseDecoding()
    {
    }

    /// <summary>The vectors are complete and sound.</summary>
    /// <param name="Response">Vectors in the inputs' order, usage (source PROVIDER, or absent when none was reported) and the reported model.</param>
    public sealed record Decoded(EmbeddingsResponse Response) : EmbeddingsResponseDecoding;

    /// <summary>The answer is an error or breaks the protocol; nothing of it may be used.</summary>
    /// <param name="Failure">What is wrong with it.</param>
    /// <param name="Reported">What the provider said all the same, without vectors: its usage is billed.</param>
    public sealed record Failed(Failure Failure, EmbeddingsResponse Reported) : EmbeddingsResponseDecoding;
}
