using Grpc.Core;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Grpc;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency.Calls;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Embeddings;

internal sealed class EmbeddingsGrpcService(EmbeddingsEntry entry, EmbeddingsExecution execution) : EmbeddingsService.EmbeddingsServiceBase
{
    private const int LongestName = 256;
    private const int MostInputs = 2048;

    public override async Task<EmbeddingsResponse> Embed(EmbeddingsRequest request, ServerCallContext context)
    {
        Check(request);
        var http = context.GetHttpContext();
        var identity = http.GetRequestIdentity();
        var outcome = await entry.AdmitAsync(http.GetCaller(), request, identity, http.AttributionOrThrow(request.EndUser), [], context.Deserted());
        var answer = (await execution.RunAsync(outcome.RequestOrThrow(http), request, context.Deserted())).AnswerOrThrow();
        answer.RequestId = identity.Text;
        return answer;
    }

    private static void Check(EmbeddingsRequest request)
    {
        if (request.Model.Length is 0 or > LongestName)
            throw new FailureException(Failures.Invalid("invalid_model", "The model name has 1 to 256 characters.", "model"));
        if (request.Inputs.Count is 0 or > MostInputs)
            throw new FailureException(Failures.Invalid("invalid_input", "There must be 1 to 2,048 inputs.", "inputs"));
        if (request.Inputs.Any(string.IsNullOrEmpty))
            throw new FailureException(Failures.Invalid("invalid_input", "No input may be empty.", "inputs"));
        if (request.HasDimensions && request.Dimensions < 1)
            throw new FailureException(Failures.Invalid("invalid_dimensions", "The dimensions must be 1 or more.", "dimensions"));
        if (ClientHints.Check(request.Hints) is { } refused)
            throw new FailureException(refused);
    }
}
