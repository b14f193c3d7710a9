using Grpc.Core;

namespace Orchestration.Client.Calls;

/// <summary>The tries of one request: one deadline, one idempotency key, and a wait between them.</summary>
internal sealed class CallTries
{
    private readonly OrchestrationClientOptions _options;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;
    private readonly CancellationToken _cancellationToken;

    public CallTries(OrchestrationClientOptions options, TimeProvider time, Metadata headers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        (_options, _time, _cancellationToken) = (options, time, cancellationToken);
        _deadline = time.GetUtcNow() + (timeout < options.Timeout ? timeout.Value : options.Timeout);
        Options = new CallOptions(headers, _deadline.UtcDateTime, cancellationToken);
    }

    /// <summary>How often the request was sent, with the one that runs.</summary>
    public int Made { get; private set; } = 1;

    /// <summary>The same for every try.</summary>
    public CallOptions Options { get; }

    public async Task<TAnswer> RunAsync<TAnswer>(Func<CallOptions, AsyncUnaryCall<TAnswer>> send)
    {
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var call = send(Options);
            try
            {
                return await call.ResponseAsync;
            }
            catch (RpcException exception)
            {
                await WaitOrThrowAsync(exception);
            }
        }
    }

    /// <summary>Returns when it is time for the next try.</summary>
    /// <exception cref="OrchestrationException">There is none.</exception>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public async Task WaitOrThrowAsync(RpcException exception)
    {
        var failure = Told(exception);
        if (Made > _options.MaxRetries || !failure.MayPass || WaitFor(failure) is not { } wait)
            throw failure.ToException(Made);
        Made++;
        await Task.Delay(wait, _time, _cancellationToken);
    }

    /// <summary>What ended a call that cannot be tried again.</summary>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public OrchestrationException ToException(RpcException exception, string? requestId) => (Told(exception) with { RequestId = requestId }).ToException(Made);

    private CallFailure Told(RpcException exception) => exception.StatusCode == StatusCode.Cancelled && _cancellationToken.IsCancellationRequested
        ? throw new OperationCanceledException(exception.Status.Detail, exception, _cancellationToken)
        : CallFailure.Of(exception);

    // A wait that does not fit is not shortened: who comes back too early only makes the limit last longer.
    private TimeSpan? WaitFor(CallFailure failure)
    {
        var jitter = Random.Shared.NextDouble() / 4;
        var wait = failure.RetryAfter is { } asked
            ? asked * (1 + jitter)
            : Shorter(_options.RetryDelay * Math.Pow(2, Made - 1), _options.MaxRetryDelay) * (1 - jitter);
        return (failure.RetryAfter ?? wait) <= _options.MaxRetryDelay && _time.GetUtcNow() + wait < _deadline ? wait : null;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
