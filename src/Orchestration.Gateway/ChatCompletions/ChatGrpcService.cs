using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Grounding;
using Orchestration.Gateway.Grpc;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency.Calls;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.ChatCompletions;

internal sealed class ChatGrpcService(GroundedEntry entry, ChatExecution execution) : ChatService.ChatServiceBase
{
    public override async Task<ChatCompletion> Complete(ChatRequest request, ServerCallContext context)
    {
        request.Stream = false;
        var admitted = await AdmitAsync(request, context);
        using var answer = new FoldedAnswer(admitted);
        await execution.RunAsync(admitted, request, answer, context.Deserted());
        return answer.Result();
    }

    public override async Task Stream(ChatRequest request, IServerStreamWriter<ChatEvent> responseStream, ServerCallContext context)
    {
        request.Stream = true;
        var admitted = await AdmitAsync(request, context);
        using var answer = new ForwardedAnswer(responseStream, context.GetHttpContext());
        await execution.RunAsync(admitted, request, answer, context.Deserted());
        if (answer.EarlyFailure is { } failure)
            throw new FailureException(failure);
    }

    private async Task<AdmittedRequest> AdmitAsync(ChatRequest request, ServerCallContext context)
    {
        if (ChatRequestChecks.Check(request) is { } refused)
            throw new FailureException(refused);
        var http = context.GetHttpContext();
        var outcome = await entry.AdmitAsync(
            http.GetCaller(),
            request,
            http.GetRequestIdentity(),
            http.AttributionOrThrow(request.EndUser),
            [],
            context.Deserted());
        return outcome.RequestOrThrow(http);
    }
}
