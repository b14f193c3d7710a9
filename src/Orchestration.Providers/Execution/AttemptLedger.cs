using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Providers.Execution;

/// <summary>The two ledger events of an attempt: durable before the first upstream byte, and never lost afterwards.</summary>
internal sealed partial class AttemptLedger(Outbox outbox, TimeProvider time, ILogger<AttemptLedger> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the event is durable. False when no new work may begin.</summary>
    public async Task<bool> TryStartAsync(AttemptStarted started)
    {
        try
        {
            await outbox.AppendAsync(LedgerEvents.Wrap(started, started.StartedAt), CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            Log.StartRefused(logger, started.RequestId, exception);
            return false;
        }
    }

    /// <summary>
    /// Completes when the event is durable, however long that takes: what a provider bills is not dropped while a later try may succeed.
    /// Without one the attempt stands in the ledger as started, and the caller is told of its end all the same.
    /// </summary>
    public async Task CompleteAsync(AttemptCompleted completed)
    {
        var ledgerEvent = LedgerEvents.Wrap(completed, time.GetUtcNow());
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await outbox.AppendAsync(ledgerEvent, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is ObjectDisposedException or ArgumentException)
            {
                Log.CompletionLost(logger, completed.AttemptId, exception);
                return;
            }
            catch (Exception exception)
            {
                Log.CompletionWaits(logger, completed.AttemptId, exception);
            }

            await Task.Delay(pause, time);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} may not begin an attempt, because it could not be recorded")]
        public static partial void StartRefused(ILogger logger, Guid requestId, Exception exception);

        [LoggerMessage(LogLevel.Error, "The end of attempt {AttemptId} could not be recorded yet; trying again")]
        public static partial void CompletionWaits(ILogger logger, Guid attemptId, Exception exception);

        [LoggerMessage(LogLevel.Critical, "The end of attempt {AttemptId} cannot be recorded")]
        public static partial void CompletionLost(ILogger logger, Guid attemptId, Exception exception);
    }
}
