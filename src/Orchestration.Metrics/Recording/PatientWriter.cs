using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Writes a batch and waits for a database that is away: while it waits, the broker keeps the rest of the queue, since only so
/// many batches are handed out unacknowledged. An outage therefore never counts as a failed delivery.
/// </summary>
internal sealed partial class PatientWriter(
    LedgerWriter writer,
    MetricsTelemetry telemetry,
    TimeProvider timeProvider,
    IOptions<RecordingOptions> options,
    ILogger<PatientWriter> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>False when the database is still away at the end of the hold time; nothing is written then.</summary>
    /// <param name="events">What is written, all of it or nothing.</param>
    /// <param name="delivered">Timestamp at which the broker handed out the oldest of them: from there its patience counts.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public async Task<bool> TryWriteAsync(IReadOnlyList<SequencedEvent> events, long delivered, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await writer.WriteAsync(events, cancellationToken);
                return true;
            }
            catch (Exception exception) when (DatabaseFaults.IsCollision(exception))
            {
                telemetry.Retried("collision");
                await PauseAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            catch (Exception exception) when (DatabaseFaults.IsOutage(exception) && !cancellationToken.IsCancellationRequested)
            {
                telemetry.Retried("outage");
                if (timeProvider.GetElapsedTime(delivered) + pause > options.Value.HoldTime)
                    return false;

                Log.Waiting(logger, events.Count, pause, exception);
                await PauseAsync(pause, cancellationToken);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.Value.LongestPause.Ticks));
            }
        }
    }

    private Task PauseAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        Task.Delay(longest * (RandomNumberGenerator.GetInt32(50, 101) / 100d), timeProvider, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger's database does not answer; {Events} events wait for {Pause}")]
        public static partial void Waiting(ILogger logger, int events, TimeSpan pause, Exception exception);
    }
}
