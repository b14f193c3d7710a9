using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Embeddings;

/// <summary>Reads one embeddings answer.</summary>
internal sealed class EmbeddingAnswerReader(
    EmbeddingsRequest request,
    ExecutionOrder order,
    PreparedCandidate candidate,
    int maxBodyBytes) : IAnswerReader
{
    private EmbeddingsResponse? _reported;

    /// <summary>The vectors; null until they were read.</summary>
    public EmbeddingsResponse? Response { get; private set; }

    public bool Committed => Response is not null;

    public AnswerSeen Seen => new()
    {
        Model = candidate.Deployment.Model,
        EstimatedInputTokens = order.EstimatedInputTokens,
        Reported = _reported?.Usage,
    };

    public (string Model, string ResponseId) Reported =>
        (_reported?.Response?.ReportedModel ?? "", _reported?.Response?.ProviderResponseId ?? "");

    public async Task<Failure?> ReadAsync(UpstreamAnswer answer, AttemptClock clock)
    {
        if (answer.IsEventStream) return ExecutionFailures.Protocol("The provider answered with a stream.");
        var body = await answer.ReadWholeAsync(maxBodyBytes, clock.Token);
        switch (OpenAIEmbeddingsResponseDecoder.Decode(body.Span, request.Inputs.Count, ExpectedLength()))
        {
            case EmbeddingsResponseDecoding.Decoded decoded:
                Response = _reported = decoded.Response;
                clock.Spoke();
                return null;
            case EmbeddingsResponseDecoding.Failed failed:
                _reported = failed.Reported;
                return failed.Failure;
            default:
                return ExecutionFailures.Internal();
        }
    }

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints) =>
        OpenAIErrorDecoder.Decode(status, body, hints, candidate.Profile.ErrorCodes);

    public void Fail(Failure failure) => Response = null;

    // Vectors come at once or not at all, and soon: reading on costs nothing more and makes the bill exact.
    public void ClientLeft(AttemptClock clock) =>
        clock.Drain(clock.RequestSent ? TimeSpan.FromSeconds(candidate.Profile.Disconnect.Seconds) : TimeSpan.Zero);

    private int? ExpectedLength() =>
        request.HasDimensions ? request.Dimensions
        : candidate.Deployment.EmbeddingDimensions > 0 ? candidate.Deployment.EmbeddingDimensions
        : null;
}
