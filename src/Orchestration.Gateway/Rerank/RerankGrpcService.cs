using Grpc.Core;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Grpc;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency.Calls;
using Orchestration.Protocols.Rerank;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Rerank;

internal sealed class RerankGrpcService(RerankEntry entry, RerankExecution execution) : RerankService.RerankServiceBase
{
    private const int LongestName = 256;

    public override async Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context)
    {
        if (Check(request) is { } failure)
            throw new FailureException(failure);
        var http = context.GetHttpContext();
        var identity = http.GetRequestIdentity();
        var outcome = await entry.AdmitAsync(http.GetCaller(), request, identity, http.AttributionOrThrow(request.EndUser), [], context.Deserted());
        var answer = (await execution.RunAsync(outcome.RequestOrThrow(http), request, context.Deserted())).AnswerOrThrow();
        answer.RequestId = identity.Text;
        return answer;
    }

    private static Contracts.Errors.V1.Failure? Check(RerankRequest request)
    {
        if (request.Model.Length is 0 or > LongestName)
            return Failures.Invalid("invalid_model", "The model name has 1 to 256 characters.", "model");
        if (request.Query.Length == 0)
            return Failures.Invalid("invalid_query", "The query must not be empty.", "query");
        if (request.Documents.Count is 0 or > RerankRequestDecoder.MostDocuments)
            return Failures.Invalid("invalid_documents", "There must be 1 to 1,000 documents.", "documents");
        if (request.Documents.Any(string.IsNullOrEmpty))
            return Failures.Invalid("invalid_documents", "No document may be empty.", "documents");
        return request.HasTopCount && request.TopCount < 1
            ? Failures.Invalid("invalid_top_count", "The number of ranks must be 1 or more.", "top_count")
            : ClientHints.Check(request.Hints);
    }
}
