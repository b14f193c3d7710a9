using System.Diagnostics;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Chat;
using Orchestration.Providers.Execution;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers;

internal sealed partial class ProvidersService
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    public override async Task Execute(
        IAsyncStreamReader<ExecuteRequest> requestStream,
        IServerStreamWriter<ChatEvent> responseStream,
        ServerCallContext context)
    {
        var start = await StartOfAsync(requestStream, context);
        using var telling = registry.Telling();
        var execution = Begin(start, context);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var watching = WatchClientAsync(requestStream, m => m.ClientGone is not null, execution.ClientGone, watch.Token);
        try
        {
            while (await execution.Events.WaitToReadAsync(context.CancellationToken))
                await SendAsync(execution.Events, responseStream, context.CancellationToken);
        }
        finally
        {
            // Also after the last event, when it changes nothing: whatever ended this call, nobody reads on.
            execution.ClientGone();
            // The server uses the stream again for another call, so no read of this one may be left behind.
            await watch.CancelAsync();
            await watching;
        }
    }

    private static async Task<Start> StartOfAsync(IAsyncStreamReader<ExecuteRequest> requestStream, ServerCallContext context) =>
        await requestStream.MoveNext(context.CancellationToken) && requestStream.Current.Start is { Request: not null } start
            ? start
            : throw NoStart();

    private ChatExecution Begin(Start start, ServerCallContext context)
    {
        var order = Order(start.RequestId, start.Attribution, start.Plan, start.Ceiling, start.StartedAt, start.EstimatedInputTokens, context);
        return chat.Begin(order, start.Request, Activity.Current?.Context ?? default)
            ?? throw new FailureException(ExecutionFailures.ShuttingDown());
    }

    private static async Task SendAsync(EventPipe events, IServerStreamWriter<ChatEvent> responseStream, CancellationToken cancellationToken)
    {
        while (events.TryRead(out var chatEvent))
        {
            // What is there together goes out together.
            responseStream.WriteOptions = events.HasMore ? Buffered : null;
            await responseStream.WriteAsync(chatEvent, cancellationToken);
        }
    }

    private static async Task WatchClientAsync<TMessage>(
        IAsyncStreamReader<TMessage> messages, Func<TMessage, bool> saysGone, Action clientGone, CancellationToken cancellationToken)
    {
        try
        {
            while (await messages.MoveNext(cancellationToken))
                if (saysGone(messages.Current))
                    clientGone();
        }
        catch (Exception)
        {
            // The call broke. The side that writes finds out as well and ends it.
        }
    }
}
