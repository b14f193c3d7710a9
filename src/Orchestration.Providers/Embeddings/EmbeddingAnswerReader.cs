using Google.Protobuf.Collections;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Embeddings;

/// <summary>Reads the vectors of one call.</summary>
internal sealed class EmbeddingAnswerReader(
    EmbeddingBatch batch,
    int? dimensions,
    PreparedCandidate candidate,
    ExecutionLimits limits,
    int maxBodyBytes) : PlainAnswerReader(candidate, limits, maxBodyBytes)
{
    public EmbeddingBatch Batch => batch;

    /// <summary>The vectors in the order of the batch; empty until they were read.</summary>
    public RepeatedField<Embedding> Vectors { get; private set; } = [];

    protected override long EstimatedInputTokens => batch.EstimatedTokens;

    protected override Failure? Decode(ReadOnlySpan<byte> body)
    {
        var decoding = Candidate.Profile.Embeddings.Dialect == EmbeddingsDialect.MiniMax
            ? MiniMaxEmbeddingsDecoder.Decode(body, batch.Positions.Count, dimensions, Candidate.Profile.ErrorRules)
            : OpenAIEmbeddingsResponseDecoder.Decode(body, batch.Positions.Count, dimensions, Candidate.Profile.ErrorRules);
        var reported = decoding switch
        {
            EmbeddingsResponseDecoding.Decoded decoded => decoded.Response,
            EmbeddingsResponseDecoding.Failed failed => failed.Reported,
            _ => new EmbeddingsResponse(),
        };
        (Started, ReportedUsage) = (reported.Response, reported.Usage);
        if (decoding is not EmbeddingsResponseDecoding.Decoded) return (decoding as EmbeddingsResponseDecoding.Failed)?.Failure ?? ExecutionFailures.Internal();
        Vectors = reported.Embeddings;
        return null;
    }
}
