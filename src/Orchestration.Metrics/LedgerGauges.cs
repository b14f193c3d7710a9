using System.Diagnostics.Metrics;
using Orchestration.Metrics.Alerts.Sources;
using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics;

/// <summary>How the ledger is, looked at now and then: every replica tells the same of the one database, so take the greatest, not the sum.</summary>
internal sealed partial class LedgerGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly LedgerQueries _queries;
    private readonly LedgerQueue _queue;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<LedgerGauges> _logger;
    private LedgerCounts? _counts;
    private long? _depth;

    public LedgerGauges(IMeterFactory meters, LedgerQueries queries, LedgerQueue queue, TimeProvider timeProvider, ILogger<LedgerGauges> logger)
    {
        (_queries, _queue, _timeProvider, _logger) = (queries, queue, timeProvider, logger);
        var meter = meters.Create(MetricsTelemetry.Name);
        meter.CreateObservableGauge("orchestration.ledger.open_requests", () => Told(_counts?.Open), "{request}", "Requests that are admitted and not completed.");
        meter.CreateObservableGauge("orchestration.ledger.quarantined", () => Told(_counts?.Quarantined), "{event}", "Events that wait for a person.");
        meter.CreateObservableGauge("orchestration.ledger.queue_depth", () => Told(_depth), "{batch}", "Batches that wait in the ledger's queue.");
    }

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        _depth = await _queue.DepthAsync(cancellationToken);
        _counts = await _queries.CountAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // An old figure that stands still looks like a good one.
                (_counts, _depth) = (null, null);
                var reason = exception.GetType().Name;
                Log.Away(_logger, reason);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Interval, _timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<Measurement<long>> Told(long? value) => value is { } known ? [new Measurement<long>(known)] : [];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The ledger's figures cannot be read: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
