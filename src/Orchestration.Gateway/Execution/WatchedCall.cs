using Grpc.Core;

namespace Orchestration.Gateway.Execution;

/// <summary>A call of Providers that is answered as a whole and can be told meanwhile that the client has left.</summary>
/// <param name="open">Opens the call.</param>
/// <param name="start">The first message.</param>
/// <param name="clientGone">The message that says that nobody reads the answer any more.</param>
internal sealed class WatchedCall<TMessage, TAnswer>(
    Func<CallOptions, AsyncClientStreamingCall<TMessage, TAnswer>> open,
    TMessage start,
    TMessage clientGone) where TAnswer : class
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nobody reads the answer any more; it comes all the same, because it says what the request has cost.</summary>
    public void ClientGone() => _gone.TrySetResult();

    /// <exception cref="RpcException">The request failed, or Providers was lost.</exception>
    public async Task<TAnswer> AnswerAsync(CallOptions options)
    {
        using var call = open(options);
        var telling = TellAsync(call);
        try
        {
            return await call.ResponseAsync;
        }
        finally
        {
            await telling;
        }
    }

    private async Task TellAsync(AsyncClientStreamingCall<TMessage, TAnswer> call)
    {
        try
        {
            await call.RequestStream.WriteAsync(start);
            if (await Task.WhenAny(_gone.Task, call.ResponseAsync) != _gone.Task)
                return;
            await call.RequestStream.WriteAsync(clientGone);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call is over, and its answer tells how.
            return;
        }
    }
}
