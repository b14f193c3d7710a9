using System.IO.Pipelines;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>An answer as server-sent events. Nothing is sent before the commit point, so that until then a failure is a proper HTTP error.</summary>
internal sealed class StreamedAnswer(
    HttpContext context,
    AdmittedRequest request,
    IChatStreamEncoder encoder,
    GatewayOptions options,
    TimeProvider timeProvider) : ChatAnswer
{
    private const int LargestBatch = 32 * 1024;

    private static readonly ChatEvent SignOfLife = new() { KeepAlive = new KeepAlive() };

    private readonly PipeWriter _body = context.Response.BodyWriter;
    private ITimer? _heartbeat;
    private long _lastSent;
    private int _unsent;
    private bool _started;
    private bool _ended;

    public override void Abort() => context.Abort();

    public override void Dispose()
    {
        _heartbeat?.Dispose();
        base.Dispose();
    }

    protected override ValueTask WriteAsync(ChatEvent chatEvent)
    {
        if (_ended)
            return ValueTask.CompletedTask;
        return _started ? WriteStartedAsync(chatEvent) : WriteFirstAsync(chatEvent);
    }

    protected override async ValueTask SendAsync()
    {
        if (_unsent == 0)
            return;
        _unsent = 0;
        var sending = _body.FlushAsync();
        if (sending.IsCompleted)
            await sending;
        else
            await WaitForReaderAsync(sending);
        _lastSent = timeProvider.GetTimestamp();
    }

    /// <summary>The server holds as much as it may for the client: one that makes no room is cut off, since a provider is kept waiting by it.</summary>
    private async Task WaitForReaderAsync(ValueTask<FlushResult> sending)
    {
        using var limit = timeProvider.CreateTimer(static state => ((StreamedAnswer)state!).Abort(), this, options.SlowReaderAfter, Timeout.InfiniteTimeSpan);
        await sending;
    }

    private async ValueTask WriteFirstAsync(ChatEvent chatEvent)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.ResponseStarted:
                await StartAsync(chatEvent.ResponseStarted);
                Encode(chatEvent);
                break;
            case ChatEvent.EventOneofCase.Error:
                await FailAsync(chatEvent.Error);
                break;
            case ChatEvent.EventOneofCase.Summary:
                await FailAsync(Failures.Interrupted());
                break;
        }
    }

    private async ValueTask WriteStartedAsync(ChatEvent chatEvent)
    {
        if (chatEvent.EventCase == ChatEvent.EventOneofCase.Summary)
            AddFacts(chatEvent.Summary);
        else if (chatEvent.EventCase == ChatEvent.EventOneofCase.Grounded)
            encoder.Facts = encoder.Facts! with { Grounded = chatEvent.Grounded };
        else if (chatEvent.EventCase == ChatEvent.EventOneofCase.Error)
            context.MarkAnswerFailed();
        Encode(chatEvent);
        if (encoder.IsEnded)
            await EndAsync();
        else if (_unsent >= LargestBatch)
            await SendAsync();
    }

    private async ValueTask StartAsync(ResponseStarted started)
    {
        var response = context.Response;
        AnswerHeaders.SetResponse(response.Headers, request, started);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        encoder.Facts = new OrchestrationFacts
        {
            RequestId = request.Identity.Text,
            Cache = request.Cache.Name,
            PolicyVersion = request.Plan.PolicyVersion,
        };
        await _body.FlushAsync();
        _started = true;
        _lastSent = timeProvider.GetTimestamp();
        _heartbeat = timeProvider.CreateTimer(static state => ((StreamedAnswer)state!).Beat(), this, options.HeartbeatAfter / 2, options.HeartbeatAfter / 2);
    }

    private void AddFacts(Summary summary) => encoder.Facts = encoder.Facts! with
    {
        OverheadMs = Overhead.Milliseconds(Elapsed(), summary),
        Settlement = SettlementNames.Of(summary.Settlement),
    };

    private void Encode(ChatEvent chatEvent)
    {
        var before = _body.UnflushedBytes;
        encoder.Write(_body, chatEvent);
        _unsent += (int)(_body.UnflushedBytes - before);
    }

    private async ValueTask FailAsync(Contracts.Errors.V1.Failure failure)
    {
        _ended = true;
        AnswerHeaders.SetPlan(context.Response.Headers, request.Plan);
        await context.WriteFailureAsync(failure);
    }

    private async ValueTask EndAsync()
    {
        _ended = true;
        await SendAsync();
        // The client's end does not wait for the rest of the bookkeeping.
        await context.Response.CompleteAsync();
    }

    private void Beat()
    {
        if (timeProvider.GetElapsedTime(Volatile.Read(ref _lastSent)) >= options.HeartbeatAfter)
            _ = TryBetweenEventsAsync(BeatAsync).AsTask();
    }

    private ValueTask BeatAsync()
    {
        if (_ended)
            return ValueTask.CompletedTask;
        Encode(SignOfLife);
        return SendAsync();
    }

    private TimeSpan Elapsed() => timeProvider.GetElapsedTime(request.Identity.StartedTimestamp);
}
