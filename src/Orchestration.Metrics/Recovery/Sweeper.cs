using Microsoft.Extensions.Options;
using Orchestration.Metrics.Reconciliation;

namespace Orchestration.Metrics.Recovery;

/// <summary>Looks for open work past its time and for missing numbers of outboxes, on whichever replica comes first.</summary>
internal sealed partial class Sweeper(
    OpenWork work,
    OutboxGaps gaps,
    MetricsTelemetry telemetry,
    TimeProvider timeProvider,
    IOptions<RecoveryOptions> options,
    ILogger<Sweeper> logger) : BackgroundService
{
    /// <summary>Rounds until nothing is left to do, or another replica does it.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await work.SettleAsync(cancellationToken) is { IsEmpty: false } round)
        {
            telemetry.Recovered(round.Attempts, round.Requests.Count);
            Log.Settled(logger, round.Requests.Count, round.Attempts);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.Interval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;

            try
            {
                await SweepAsync(stoppingToken);
                await gaps.ObserveAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Requests} requests and {Attempts} attempts were settled in the place of a process that died")]
        public static partial void Settled(ILogger logger, int requests, int attempts);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Open work could not be looked through; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
