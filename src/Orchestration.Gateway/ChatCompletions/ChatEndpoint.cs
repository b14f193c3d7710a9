using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>Chat over HTTP, whatever protocol the client speaks.</summary>
internal sealed class ChatEndpoint(
    ChatEntry entry,
    ChatExecution execution,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider)
{
    /// <summary>The handler of a protocol's route.</summary>
    public RequestDelegate For(ChatProtocol protocol) => context => HandleAsync(context, protocol);

    private async Task HandleAsync(HttpContext context, ChatProtocol protocol)
    {
        if (await JsonBody.DecodeAsync(context, options.Value.MaxRequestBodyBytes, body => Decode(protocol, body)) is not { } decoded
            || await ClientHints.ReadAsync(context, decoded.Request.Hints, decoded.EndUser) is not { } wishes)
            return;
        decoded.Request.Hints = wishes.Hints;
        await AdmitAsync(context, protocol, decoded, wishes.Attribution);
    }

    private static (ChatRequestDecoding.Decoded?, Failure?) Decode(ChatProtocol protocol, ReadOnlyMemory<byte> body)
    {
        var decoding = protocol.Decode(body);
        return (decoding as ChatRequestDecoding.Decoded, (decoding as ChatRequestDecoding.Rejected)?.Failure);
    }

    private async Task AdmitAsync(HttpContext context, ChatProtocol protocol, ChatRequestDecoding.Decoded decoded, ClientAttribution attribution)
    {
        var outcome = await entry.AdmitAsync(
            context.GetCaller(),
            decoded.Request,
            context.GetRequestIdentity(),
            attribution,
            decoded.Warnings,
            context.RequestAborted);
        LimitHeaders.Set(context, outcome.Limits, timeProvider);
        if (outcome is AdmissionOutcome.Admitted admitted)
        {
            await RunAsync(context, protocol, admitted.Request, decoded);
            return;
        }

        var rejection = (AdmissionOutcome.Refused)outcome;
        if (rejection.Plan is { } plan)
            AnswerHeaders.SetPlan(context.Response.Headers, plan);
        await context.WriteFailureAsync(rejection.Failure);
    }

    private async Task RunAsync(HttpContext context, ChatProtocol protocol, AdmittedRequest request, ChatRequestDecoding.Decoded decoded)
    {
        using ChatAnswer answer = decoded.Request.Stream
            ? new StreamedAnswer(context, request, protocol.BeginStream(request, decoded), options.Value.HeartbeatAfter, timeProvider)
            : new PlainAnswer(context, request, protocol, decoded, timeProvider);
        await execution.RunAsync(request, decoded.Request, answer, context.RequestAborted);
    }
}
