using Microsoft.Extensions.Options;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(
    EmbeddingsEntry entry,
    EmbeddingsExecution execution,
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
            await RunAsync(context, admitted.Request, decoded);
        else
            await context.WriteFailureAsync(((AdmissionOutcome.Refused)outcome).Failure);
    }

    private static (EmbeddingsRequestDecoding.Decoded?, Failure?) Decode(ReadOnlyMemory<byte> body)
    {
        var decoding = OpenAIEmbeddingsRequestDecoder.Decode(body);
        return (decoding as EmbeddingsRequestDecoding.Decoded, (decoding as EmbeddingsRequestDecoding.Rejected)?.Failure);
    }

    private async Task RunAsync(HttpContext context, AdmittedRequest request, EmbeddingsRequestDecoding.Decoded decoded)
    {
        AnswerHeaders.SetPlan(context.Response.Headers, request.Plan);
        switch (await execution.RunAsync(request, decoded.Request, context.RequestAborted))
        {
            case PlainOutcome<EmbeddingsResponse>.Answered { Answer: var answer }:
                var (facts, model) = AnswerFacts.Describe(context.Response.Headers, request, answer.Response, answer.Summary, timeProvider);
                using (var buffer = new PooledBuffer())
                {
                    OpenAIEmbeddingsResponseEncoder.Write(buffer, answer, facts, model, decoded.Base64);
                    await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
                }

                break;
            case PlainOutcome<EmbeddingsResponse>.Failed failed:
                await context.WriteFailureAsync(failed.Failure);
                break;
        }
    }
}
