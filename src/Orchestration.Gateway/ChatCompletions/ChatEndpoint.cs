using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Answers;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Grounding;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>Chat over HTTP, whatever protocol the client speaks.</summary>
internal sealed class ChatEndpoint(
    GroundedEntry entry,
    ChatExecution execution,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider)
{
    /// <summary>The handler of a protocol's route.</summary>
    public RequestDelegate For(ChatProtocol protocol) => context => HandleAsync(context, protocol);

    /// <summary>The handler of a route whose collection answers.</summary>
    public RequestDelegate ForCollection(string routeValue) => context =>
        HandleAsync(context, new AnswerProtocol(context.GetRouteValue(routeValue) as string ?? ""));

    private async Task HandleAsync(HttpContext context, ChatProtocol protocol)
    {
        if (await JsonBody.DecodeAsync(context, options.Value.MaxRequestBodyBytes, body => Decode(protocol, body)) is not { } decoded
            || await ClientHints.ReadAsync(context, decoded.Request.Hints, decoded.EndUser) is not { } wishes)
            return;
        decoded.Request.Hints = wishes.Hints;
        if (wishes.Collection.Length > 0)
            (decoded.Request.Grounding ??= new Contracts.Chat.V1.Grounding()).Collection = wishes.Collection;
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
            ? new StreamedAnswer(context, request, protocol.BeginStream(request, decoded), options.Value, timeProvider)
            : new PlainAnswer(context, request, protocol, decoded, timeProvider);
        await execution.RunAsync(request, decoded.Request, answer, context.RequestAborted);
    }
}
