using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Rerank;

/// <summary>Has admitted rerank requests run by Providers.</summary>
internal sealed class RerankExecution(ProvidersService.ProvidersServiceClient providers, PlainExecution plain)
{
    private static readonly PlainAnswers<RerankResponse> Answers = new(
        RerankResponse.Parser,
        answer => (answer.Response ??= new ResponseStarted(), answer.Summary),
        (answer, started, summary) => (answer.Response, answer.Summary) = (started, summary));

    /// <summary>The ranks, or null when the client left before they came.</summary>
    public Task<PlainOutcome<RerankResponse>?> RunAsync(AdmittedRequest request, RerankRequest rerank, CancellationToken clientGone) =>
        plain.RunAsync(
            request,
            new WatchedCall<ExecuteRerankRequest, RerankResponse>(
                options => providers.ExecuteRerank(options),
                new ExecuteRerankRequest { Start = MessageOf(request, rerank) },
                new ExecuteRerankRequest { ClientGone = new ClientGone() }),
            Answers,
            clientGone);

    private static RerankCall MessageOf(AdmittedRequest request, RerankRequest rerank) => new()
    {
        RequestId = request.Identity.Text,
        Attribution = request.Attribution,
        Plan = request.Plan,
        Request = rerank,
        Ceiling = request.Ceiling.ToProto(),
        StartedAt = Timestamp.FromDateTimeOffset(request.Identity.StartedAt),
        EstimatedInputTokens = request.EstimatedInputTokens,
    };
}
