using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.Protocols.Rerank;

namespace Orchestration.Gateway.Rerank;

/// <summary><c>POST /v1/rerank</c>.</summary>
internal sealed class RerankEndpoint(
    RerankEntry entry,
    RerankExecution execution,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await JsonBody.DecodeAsync(context, options.Value.MaxRequestBodyBytes, Decode) is not { } decoded
            || await ClientHints.ReadAsync(context, decoded.Request.Hints, decoded.EndUser) is not { } wishes)
            return;
        decoded.Request.Hints = wishes.Hints;
        var outcome = await entry.AdmitAsync(
            context.GetCaller(),
            decoded.Request,
            context.GetRequestIdentity(),
            wishes.Attribution,
            decoded.Warnings,
            context.RequestAborted);
        LimitHeaders.Set(context, outcome.Limits, timeProvider);
        if (outcome is AdmissionOutcome.Admitted admitted)
            await RunAsync(context, admitted.Request, decoded.Request);
        else
            await context.WriteFailureAsync(((AdmissionOutcome.Refused)outcome).Failure);
    }

    private static (RerankRequestDecoding.Decoded?, Failure?) Decode(ReadOnlyMemory<byte> body)
    {
        var decoding = RerankRequestDecoder.Decode(body);
        return (decoding as RerankRequestDecoding.Decoded, (decoding as RerankRequestDecoding.Rejected)?.Failure);
    }

    private async Task RunAsync(HttpContext context, AdmittedRequest request, RerankRequest rerank)
    {
        AnswerHeaders.SetPlan(context.Response.Headers, request.Plan);
        switch (await execution.RunAsync(request, rerank, context.RequestAborted))
        {
            case PlainOutcome<RerankResponse>.Answered { Answer: var answer }:
                var (facts, model) = AnswerFacts.Describe(context.Response.Headers, request, answer.Response, answer.Summary, timeProvider);
                using (var buffer = new PooledBuffer())
                {
                    RerankResponseEncoder.Write(buffer, answer, facts, model, rerank.ReturnDocuments);
                    await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
                }

                break;
            case PlainOutcome<RerankResponse>.Failed failed:
                await context.WriteFailureAsync(failed.Failure);
                break;
        }
    }
}
