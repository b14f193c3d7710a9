using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Embeddings;

/// <summary>Has admitted embeddings requests run by Providers.</summary>
internal sealed class EmbeddingsExecution(ProvidersService.ProvidersServiceClient providers, PlainExecution plain)
{
    private static readonly PlainAnswers<EmbeddingsResponse> Answers = new(
        EmbeddingsResponse.Parser,
        answer => (answer.Response ??= new ResponseStarted(), answer.Summary),
        (answer, started, summary) => (answer.Response, answer.Summary) = (started, summary));

    /// <summary>The vectors, or null when the client left before they came.</summary>
    public Task<PlainOutcome<EmbeddingsResponse>?> RunAsync(AdmittedRequest request, EmbeddingsRequest embeddings, CancellationToken clientGone) =>
        plain.RunAsync(
            request,
            new WatchedCall<ExecuteEmbedRequest, EmbeddingsResponse>(
                options => providers.ExecuteEmbed(options),
                new ExecuteEmbedRequest { Start = MessageOf(request, embeddings) },
                new ExecuteEmbedRequest { ClientGone = new ClientGone() }),
            Answers,
            clientGone);

    private static EmbedRequest MessageOf(AdmittedRequest request, EmbeddingsRequest embeddings) => new()
    {
        RequestId = request.Identity.Text,
        Attribution = request.Attribution,
        Plan = request.Plan,
        Request = embeddings,
        Ceiling = request.Ceiling.ToProto(),
        StartedAt = Timestamp.FromDateTimeOffset(request.Identity.StartedAt),
        EstimatedInputTokens = request.EstimatedInputTokens,
    };
}
