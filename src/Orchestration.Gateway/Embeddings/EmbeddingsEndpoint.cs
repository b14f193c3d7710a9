using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
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
        if (JsonBody.Refuse(context.Request, options.Value.MaxRequestBodyBytes) is { } refused)
        {
            await context.WriteFailureAsync(refused);
            return;
        }

        EmbeddingsRequestDecoding decoding;
        using (var body = await JsonBody.ReadAsync(context.Request, options.Value.MaxRequestBodyBytes, context.RequestAborted))
        {
            decoding = body is null
                ? new EmbeddingsRequestDecoding.Rejected(Failures.TooLarge(options.Value.MaxRequestBodyBytes))
                : OpenAIEmbeddingsRequestDecoder.Decode(body.WrittenMemory);
        }

        if (decoding is EmbeddingsRequestDecoding.Decoded decoded)
            await AdmitAsync(context, decoded);
        else
            await context.WriteFailureAsync(((EmbeddingsRequestDecoding.Rejected)decoding).Failure);
    }

    private async Task AdmitAsync(HttpContext context, EmbeddingsRequestDecoding.Decoded decoded)
    {
        var headers = context.Request.Headers;
        RoutingHints? hints = null;
        if ((ClientHints.ReadSession(headers, out var session) ?? ClientHints.Read(headers, null, out hints)) is { } refused)
        {
            await context.WriteFailureAsync(refused);
            return;
        }

        var outcome = await entry.AdmitAsync(
            context.GetCaller(),
            decoded.Request,
            context.GetRequestIdentity(),
            decoded.EndUser,
            session,
            hints,
            decoded.Warnings,
            context.RequestAborted);
        if (outcome is not AdmissionOutcome.Admitted admitted)
        {
            await context.WriteFailureAsync(((AdmissionOutcome.Refused)outcome).Failure);
            return;
        }

        AnswerHeaders.SetPlan(context.Response.Headers, admitted.Request.Plan);
        switch (await execution.RunAsync(admitted.Request, decoded.Request, context.RequestAborted))
        {
            case EmbeddingsOutcome.Embedded embedded:
                await WriteAsync(context, admitted.Request, embedded.Response, decoded.Base64);
                break;
            case EmbeddingsOutcome.Failed failed:
                await context.WriteFailureAsync(failed.Failure);
                break;
        }
    }

    private async Task WriteAsync(HttpContext context, AdmittedRequest request, EmbeddingsResponse response, bool base64)
    {
        var (started, summary) = (response.Response, response.Summary ?? new Summary());
        var overhead = Overhead.Milliseconds(timeProvider.GetElapsedTime(request.Identity.StartedTimestamp), summary);
        AnswerHeaders.SetResponse(context.Response.Headers, request, started);
        AnswerHeaders.SetSummary(context.Response.Headers, summary, overhead);
        using var buffer = new PooledBuffer();
        var facts = AnswerFacts.Of(request, started, summary, overhead);
        OpenAIEmbeddingsResponseEncoder.Write(buffer, response, facts, AnswerFacts.ModelShown(started), base64);
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
