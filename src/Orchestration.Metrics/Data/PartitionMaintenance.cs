using Npgsql;

namespace Orchestration.Metrics.Data;

/// <summary>Keeps monthly partitions ready ahead of time. When it is late nothing breaks: rows go to the DEFAULT partition and are moved.</summary>
internal sealed partial class PartitionMaintenance(
    NpgsqlDataSource dataSource,
    TimeProvider timeProvider,
    ILogger<PartitionMaintenance> logger) : BackgroundService
{
    private const int MonthsAhead = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(24);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    /// <summary>Makes what is missing, from last month (late events) to some months ahead. Returns the number of new partitions.</summary>
    public static async Task<int> EnsureAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT ensure_ledger_partitions((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date, $1)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MonthsAhead + 2 });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                var created = await EnsureAsync(dataSource, stoppingToken);
                if (created > 0)
                    Log.Created(logger, created);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                pause = RetryInterval;
                Log.Failed(logger, exception);
            }

            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Created} ledger partitions were created")]
        public static partial void Created(ILogger logger, int created);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger partitions could not be prepared; rows go to the default partition meanwhile")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
