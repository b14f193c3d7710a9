using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Limits;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Execution;

/// <summary>Writes the end of a request, however long the outbox makes it wait.</summary>
internal sealed partial class Settlement(
    Outbox outbox, BudgetGate budgets, LimitGate limits, GatewayTelemetry telemetry, TimeProvider timeProvider, ILogger<Settlement> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Completes when the end is durable.</summary>
    public async Task RecordAsync(AdmittedRequest request, RequestEnding ending)
    {
        var now = timeProvider.GetUtcNow();
        var completed = ending.ToEvent(request, now);
        telemetry.Settled(request.Operation, request.Plan, completed.Status, timeProvider.GetElapsedTime(request.Identity.StartedTimestamp), ending.Summary);
        await limits.EndAsync(request.Identity.Text, ending.Summary?.Attempts.Sum(attempt => attempt.Usage is { } usage ? usage.TotalInput() + usage.TotalOutput() : 0));
        var ledgerEvent = LedgerEvents.Wrap(completed, now);
        var pause = FirstPause;
        while (!await TryAppendAsync(ledgerEvent, request.Identity.Text))
        {
            await Task.Delay(pause, timeProvider);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        // After it is durable: a lease is given up through the last event that tells of it.
        budgets.Settle(request.Hold, ending.IsCostKnown ? completed.Cost : null);
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
