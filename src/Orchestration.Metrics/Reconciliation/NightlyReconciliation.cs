using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>Makes one run a night, on whichever replica comes first.</summary>
internal sealed partial class NightlyReconciliation(
    NpgsqlDataSource dataSource,
    ReconciliationRuns runs,
    TimeProvider timeProvider,
    IOptions<ReconciliationOptions> options,
    ILogger<NightlyReconciliation> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // The night is that of the database: a replica whose clock jumps neither repeats a run nor skips one.
    private const string Due = """
        SELECT CASE WHEN (now() AT TIME ZONE 'UTC')::time >= $1::time AND NOT EXISTS (
            SELECT FROM reconciliation_runs WHERE trigger = 'nightly' AND state = 'finished' AND last_day = (now() AT TIME ZONE 'UTC')::date - 1)
        THEN (now() AT TIME ZONE 'UTC')::date - 1 END
        """;

    /// <summary>Makes the run of this night unless it is made, or not yet time.</summary>
    public async Task<bool> RunIfDueAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Due);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.NightlyAt });
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateOnly last)
            return false;

        return await runs.RunAsync("nightly", last.AddDays(1 - options.Value.NightlyDays), last, _ => Task.CompletedTask, cancellationToken) is not null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Nightly && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;

            try
            {
                await RunIfDueAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The nightly reconciliation did not come to its end; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
