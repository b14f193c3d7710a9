using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Limits;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Execution;

/// <summary>Writes the end of a request, however long the outbox makes it wait.</summary>
internal sealed partial class Settlement(
    Outbox outbox, BudgetGate budgets, LimitGate limits, LiveStatistics statistics, GatewayTelemetry telemetry, TimeProvider timeProvider, ILogger<Settlement> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWaitOfClient = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the end is durable.</summary>
    public async Task RecordAsync(AdmittedRequest request, RequestEnding ending)
    {
        var now = timeProvider.GetUtcNow();
        var completed = ending.ToEvent(request, now);
        statistics.Observe(request, ending.Summary);
        telemetry.Settled(request.Operation, request.Plan, completed.Status, timeProvider.GetElapsedTime(request.Identity.StartedTimestamp), ending.Summary);
        var recorded = AppendAsync(LedgerEvents.Wrap(completed, now), request.Identity.Text);
        // Beside it: a place must not stay taken while the outbox is in trouble, nor must the money wait for Redis.
        var freed = limits.EndAsync(request.Identity.Text, ending.TokensUsed);
        await recorded;

        // After it is durable: a lease is given up through the last event that tells of it.
        budgets.Settle(request.Hold, ending.IsCostKnown ? completed.Cost : null);
        // A client that sends its next request after this answer finds its place free.
        await freed;
    }

    /// <summary>
    /// Records the end and waits for it, durable before visible: a client learns the cost when the ledger is sure to. Not for long: it is not kept
    /// waiting for its last bytes by an outbox in trouble.
    /// </summary>
    /// <returns>The recording, which may go on.</returns>
    public async Task<Task> RecordBeforeShownAsync(AdmittedRequest request, RequestEnding ending)
    {
        var recorded = RecordAsync(request, ending);
        if (!recorded.IsCompleted)
            await recorded.WaitAsync(LongestWaitOfClient, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return recorded;
    }

    private async Task AppendAsync(LedgerEvent ledgerEvent, string requestId)
    {
        var pause = FirstPause;
        while (!await TryAppendAsync(ledgerEvent, requestId))
        {
            await Task.Delay(pause, timeProvider);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async ValueTask<bool> TryAppendAsync(LedgerEvent ledgerEvent, string requestId)
    {
        try
        {
            // The event's id makes a repeated append harmless.
            await outbox.AppendAsync(ledgerEvent, CancellationToken.None);
            return true;
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            Log.Waiting(logger, requestId, exception.GetType().Name);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The end of request {RequestId} waits for the outbox ({Cause})")]
        public static partial void Waiting(ILogger logger, string requestId, string cause);
    }
}
