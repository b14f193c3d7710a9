using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Capture;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Execution;

/// <summary>
/// One execution from Start to Summary. It belongs to no HTTP request: when the client leaves, Providers is told and the reading goes
/// on until the money is known.
/// </summary>
internal sealed partial class ChatRun(
    AdmittedRequest request,
    ChatAnswer answer,
    PayloadRecording? payload,
    Settlement settlement,
    RunningRequests running,
    AnswerCaches caches,
    GatewayTelemetry telemetry,
    TimeProvider timeProvider,
    ILogger logger)
{
    private static readonly TimeSpan LongestWaitForStatus = TimeSpan.FromMilliseconds(250);

    private readonly RequestEnding _ending = new();
    private readonly AnswerCollector? _collected = caches.Collect(request.Cache);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Activity? _activity = Activity.Current;
    private AsyncDuplexStreamingCall<ExecuteRequest, ChatEvent>? _call;
    private Task _stopped = Task.CompletedTask;
    private bool _toldGone;

    /// <summary>Runs to the end, whatever becomes of the client.</summary>
    public async Task RunAsync(Func<AsyncDuplexStreamingCall<ExecuteRequest, ChatEvent>> open, ChatRequest chat)
    {
        Failure? lost;
        CancellationTokenRegistration stop = default;
        try
        {
            stop = running.Ending.UnsafeRegister(static state => ((ChatRun)state!).BeginStop(), this);
            using var call = open();
            _call = call;
            await call.RequestStream.WriteAsync(new ExecuteRequest { Start = StartOf(chat) });
            _started.TrySetResult();
            lost = await ReadAsync(call.ResponseStream) ? null : Failures.Interrupted();
            await CloseAsync(call);
        }
        catch (RpcException exception)
        {
            _ending.Refused = exception.IsRefusal();
            lost = exception.ToClientFailure();
        }
        catch (Exception exception)
        {
            // The request must still be settled.
            Log.Failed(logger, request.Identity.Text, exception);
            lost = Failures.Internal();
        }
        finally
        {
            _started.TrySetResult();
            Volatile.Write(ref _call, null);
            await stop.DisposeAsync();
        }

        await _stopped;
        await EndAsync(lost);
    }

    /// <summary>Lets go of the client and tells Providers that nobody reads any more.</summary>
    public async Task LeaveAsync()
    {
        _ending.ClientGone = true;
        telemetry.ClientGone();
        await answer.DetachAsync();
        await TellGoneAsync();
    }

    /// <summary>Goes on without an answer that a defect of ours has made worthless.</summary>
    public async Task LoseAnswerAsync()
    {
        _ending.FailureCode ??= Failures.Internal().Code;
        await answer.DetachAsync();
        await TellGoneAsync();
    }

    private void BeginStop() => _stopped = Task.Run(StopAsync);

    /// <summary>The gateway stops: the client gets a proper error while it can still be written to, and Providers sums up.</summary>
    private async Task StopAsync()
    {
        if (!answer.IsDetached && _ending.Summary is null)
        {
            var failure = Failures.ShuttingDown();
            _ending.FailureCode ??= failure.Code;
            GatewayTelemetry.Failed(_activity, failure);
            try
            {
                await TellAsync(failure).WaitAsync(running.Abandoned);
            }
            catch (OperationCanceledException)
            {
                // It reads too slowly to be told.
                answer.Abort();
            }
        }

        await TellGoneAsync();
    }

    private async Task TellAsync(Failure failure)
    {
        await answer.AddAsync(new ChatEvent { Error = failure });
        await answer.FlushAsync();
        await answer.DetachAsync();
    }

    private async Task TellGoneAsync()
    {
        await _started.Task;
        if (Interlocked.Exchange(ref _toldGone, true))
            return;
        try
        {
            if (Volatile.Read(ref _call) is { } call)
                await call.RequestStream.WriteAsync(new ExecuteRequest { ClientGone = new ClientGone() });
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The execution ended at the same moment; there is nobody left to tell.
            return;
        }
    }

    /// <summary>Hears the call's status out: a call that is dropped after its last message counts as cancelled on both sides.</summary>
    private async Task CloseAsync(AsyncDuplexStreamingCall<ExecuteRequest, ChatEvent> call)
    {
        try
        {
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(LongestWaitForStatus, timeProvider);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or TimeoutException)
        {
            // The answer is complete; how the call ends changes nothing.
            return;
        }
    }

    private async Task<bool> ReadAsync(IAsyncStreamReader<ChatEvent> events)
    {
        while (true)
        {
            var next = events.MoveNext(CancellationToken.None);
            if (!next.IsCompleted)
                await answer.FlushAsync();
            if (!await next)
                return false;
            var chatEvent = events.Current;
            if (chatEvent.EventCase == ChatEvent.EventOneofCase.Summary)
            {
                _ending.Summary = TenantView.Of(chatEvent.Summary);
                return true;
            }

            Observe(chatEvent);
            _collected?.Add(chatEvent);
            payload?.Add(chatEvent);
            await answer.AddAsync(chatEvent);
        }
    }

    private void Observe(ChatEvent chatEvent)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.AttemptStarted:
                _ending.AttemptsSeen++;
                break;
            case ChatEvent.EventOneofCase.ResponseStarted:
                _ending.Response = chatEvent.ResponseStarted;
                AddPlannedWarnings(chatEvent.ResponseStarted);
                GatewayTelemetry.Describe(_activity, chatEvent.ResponseStarted);
                break;
            case ChatEvent.EventOneofCase.PartStart or ChatEvent.EventOneofCase.PartDelta when _ending.TimeToFirstToken is null:
                _ending.TimeToFirstToken = timeProvider.GetElapsedTime(request.Identity.StartedTimestamp);
                telemetry.FirstToken(_ending.TimeToFirstToken.Value, request.Operation);
                break;
            case ChatEvent.EventOneofCase.Error:
                // What the client was told first stays.
                _ending.FailureCode ??= chatEvent.Error.Code;
                GatewayTelemetry.Failed(_activity, chatEvent.Error);
                break;
        }
    }

    private void AddPlannedWarnings(ResponseStarted started)
    {
        foreach (var warning in request.Plan.Warnings)
        {
            if (!started.Warnings.Any(known => known.Code == warning.Code && known.Param == warning.Param))
                started.Warnings.Add(warning);
        }
    }

    private async Task EndAsync(Failure? lost)
    {
        if (lost is not null && _ending.FailureCode is null)
        {
            _ending.FailureCode = lost.Code;
            GatewayTelemetry.Failed(_activity, lost);
            payload?.Add(new ChatEvent { Error = lost });
            await answer.AddAsync(new ChatEvent { Error = lost });
        }

        if (_ending.Summary is { } summary)
            GatewayTelemetry.Describe(_activity, summary);
        await CacheAsync();
        payload?.Keep(_ending.Summary);
        var recorded = await settlement.RecordBeforeShownAsync(request, _ending);
        await answer.AddAsync(new ChatEvent { Summary = _ending.Summary ?? new Summary { Settlement = Contracts.Chat.V1.Settlement.Estimated } });
        await answer.FlushAsync();
        await recorded;
    }

    /// <summary>Before the client sees the end, so that its next equal request finds the answer.</summary>
    private async Task CacheAsync()
    {
        try
        {
            if (_collected is not null && _ending.FailureCode is null)
                await caches.KeepAsync(_collected, _ending.Summary);
        }
        finally
        {
            caches.End(request.Cache);
        }
    }

    /// <summary>The first message of an execution.</summary>
    private Start StartOf(ChatRequest chat) => new()
    {
        RequestId = request.Identity.Text,
        Attribution = request.Attribution,
        Plan = request.Plan,
        Request = chat,
        Ceiling = request.Ceiling.ToProto(),
        StartedAt = Timestamp.FromDateTimeOffset(request.Identity.StartedAt),
        EstimatedInputTokens = request.EstimatedInputTokens,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The execution of request {RequestId} failed")]
        public static partial void Failed(ILogger logger, string requestId, Exception exception);
    }
}
