using Npgsql;

namespace Orchestration.Metrics.Repricing;

/// <summary>Carries re-pricings on, one step after the other; several replicas share them.</summary>
internal sealed partial class RepricingWorker(RepricingWork work, TimeProvider timeProvider, ILogger<RepricingWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await work.StepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A deadlock with recording, or the database is away: the step is taken again as a whole.
                if (exception is not NpgsqlException { IsTransient: true }) Log.Failed(logger, exception);
            }

            if (!more) await Task.Delay(Pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A step of a re-pricing failed and is taken again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
