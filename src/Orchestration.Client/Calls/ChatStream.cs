using Grpc.Core;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Calls;

/// <summary>The events of one answer, from the first that binds it on.</summary>
internal sealed class ChatStream : IDisposable
{
    private readonly AsyncServerStreamingCall<ChatEvent> _call;
    private readonly CallTries _tries;
    private readonly Queue<ChatEvent> _early;

    private ChatStream(AsyncServerStreamingCall<ChatEvent> call, CallTries tries, Queue<ChatEvent> early, string? requestId) =>
        (_call, _tries, _early, RequestId) = (call, tries, early, requestId);

    public string? RequestId { get; }

    public int Tries => _tries.Made;

    /// <summary>Waits for the first event of an answer. Until then the caller has seen nothing, so the request may be sent again.</summary>
    public static async Task<ChatStream> OpenAsync(Func<CallOptions, AsyncServerStreamingCall<ChatEvent>> send, CallTries tries)
    {
        while (true)
        {
            tries.Options.CancellationToken.ThrowIfCancellationRequested();
            var call = send(tries.Options);
            try
            {
                var early = await ReadEarlyAsync(call.ResponseStream, tries.Options.CancellationToken);
                return new ChatStream(call, tries, early, (await call.ResponseHeadersAsync).GetValue(CallHeaders.RequestId));
            }
            catch (RpcException exception)
            {
                call.Dispose();
                await tries.WaitOrThrowAsync(exception);
            }
            catch
            {
                call.Dispose();
                throw;
            }
        }
    }

    /// <summary>The next event, or null when there are no more.</summary>
    public async Task<ChatEvent?> NextAsync()
    {
        if (_early.TryDequeue(out var early))
            return early;
        try
        {
            return await _call.ResponseStream.MoveNext(_tries.Options.CancellationToken) ? _call.ResponseStream.Current : null;
        }
        catch (RpcException exception)
        {
            throw _tries.ToException(exception, RequestId);
        }
    }

    /// <summary>Stops the answer where it is still running.</summary>
    public void Dispose() => _call.Dispose();

    // An attempt that was begun, or a sign of life, is nothing of an answer yet.
    private static async Task<Queue<ChatEvent>> ReadEarlyAsync(IAsyncStreamReader<ChatEvent> events, CancellationToken cancellationToken)
    {
        var early = new Queue<ChatEvent>();
        while (await events.MoveNext(cancellationToken))
        {
            early.Enqueue(events.Current);
            if (events.Current.EventCase is not (ChatEvent.EventOneofCase.AttemptStarted or ChatEvent.EventOneofCase.KeepAlive))
                break;
        }

        return early;
    }
}
