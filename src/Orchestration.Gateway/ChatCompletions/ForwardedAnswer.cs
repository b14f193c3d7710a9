using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>An answer as a gRPC stream: the events as they are. A failure before the commit point becomes the call's status.</summary>
internal sealed class ForwardedAnswer(IServerStreamWriter<ChatEvent> stream, HttpContext context) : ChatAnswer
{
    private bool _started;

    /// <summary>The failure that came before anything was answered.</summary>
    public Failure? EarlyFailure { get; private set; }

    public override void Abort() => context.Abort();

    protected override async ValueTask WriteAsync(ChatEvent chatEvent)
    {
        _started |= chatEvent.EventCase == ChatEvent.EventOneofCase.ResponseStarted;
        if (_started || chatEvent.EventCase == ChatEvent.EventOneofCase.AttemptStarted)
            await SendAsync(chatEvent);
        else if (chatEvent.EventCase == ChatEvent.EventOneofCase.Error)
            EarlyFailure ??= chatEvent.Error;
        else if (chatEvent.EventCase == ChatEvent.EventOneofCase.Summary)
            EarlyFailure ??= Failures.Interrupted();
    }

    // A call that has ended says so before its cancellation is heard of: the client has left, nothing is wrong here.
    private async Task SendAsync(ChatEvent chatEvent)
    {
        try
        {
            await stream.WriteAsync(chatEvent);
        }
        catch (InvalidOperationException ended)
        {
            throw new IOException("The call has ended.", ended);
        }
    }

    // Every message is sent as it is written.
    protected override ValueTask SendAsync() => ValueTask.CompletedTask;
}
