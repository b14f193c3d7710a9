using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsEndpoint(
    ChatEntry entry,
    ChatExecution execution,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await JsonBody.DecodeAsync(context, options.Value.MaxRequestBodyBytes, Decode) is not { } decoded
            || await ClientHints.ReadAsync(context, decoded.Request.Hints) is not { } wishes)
            return;
        decoded.Request.Hints = wishes.Hints;
        await AdmitAsync(context, decoded, wishes.Session);
    }

    private static (ChatRequestDecoding.Decoded?, Failure?) Decode(ReadOnlyMemory<byte> body)
    {
        var decoding = OpenAIChatRequestDecoder.Decode(body);
        return (decoding as ChatRequestDecoding.Decoded, (decoding as ChatRequestDecoding.Rejected)?.Failure);
    }

    private async Task AdmitAsync(HttpContext context, ChatRequestDecoding.Decoded decoded, string session)
    {
        var outcome = await entry.AdmitAsync(
            context.GetCaller(),
            decoded.Request,
            context.GetRequestIdentity(),
            decoded.EndUser,
            session,
            decoded.Warnings,
            context.RequestAborted);
        if (outcome is AdmissionOutcome.Admitted admitted)
        {
            await RunAsync(context, admitted.Request, decoded);
            return;
        }

        var rejection = (AdmissionOutcome.Refused)outcome;
        if (rejection.Plan is { } plan)
            AnswerHeaders.SetPlan(context.Response.Headers, plan);
        await context.WriteFailureAsync(rejection.Failure);
    }

    private async Task RunAsync(HttpContext context, AdmittedRequest request, ChatRequestDecoding.Decoded decoded)
    {
        using ChatAnswer answer = decoded.Request.Stream
            ? new StreamedAnswer(context, request, decoded.IncludeUsage, options.Value.HeartbeatAfter, timeProvider)
            : new PlainAnswer(context, request, timeProvider);
        await execution.RunAsync(request, decoded.Request, answer, context.RequestAborted);
    }
}
