using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>An answer as one JSON object, sent when everything about it is known.</summary>
internal sealed class PlainAnswer(
    HttpContext context,
    AdmittedRequest request,
    ChatProtocol protocol,
    ChatRequestDecoding.Decoded decoded,
    TimeProvider timeProvider) : ChatAnswer
{
    private readonly ChatCompletionBuilder _builder = new(request.Identity.Text);
    private bool _ended;

    public override void Abort() => context.Abort();

    protected override async ValueTask WriteAsync(ChatEvent chatEvent)
    {
        if (_ended)
            return;
        _builder.Add(chatEvent);
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.Error:
                await FailAsync(chatEvent.Error);
                break;
            case ChatEvent.EventOneofCase.Summary when !_builder.IsComplete:
                await FailAsync(Failures.Interrupted());
                break;
            case ChatEvent.EventOneofCase.Summary:
                await CompleteAsync(_builder.Build());
                break;
        }
    }

    protected override ValueTask SendAsync() => ValueTask.CompletedTask;

    private async ValueTask CompleteAsync(ChatCompletion completion)
    {
        _ended = true;
        var (facts, model) = AnswerFacts.Describe(context.Response.Headers, request, completion.Response, completion.Summary, timeProvider);
        using var buffer = new PooledBuffer();
        protocol.WriteAnswer(buffer, completion, decoded, facts with { Grounded = completion.Grounded }, model);
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private async ValueTask FailAsync(Failure failure)
    {
        _ended = true;
        AnswerHeaders.SetPlan(context.Response.Headers, request.Plan);
        await context.WriteFailureAsync(failure);
    }
}
