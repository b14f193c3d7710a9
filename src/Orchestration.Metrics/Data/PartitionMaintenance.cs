using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Data;

/// <summary>Keeps monthly partitions ready ahead of time, and drops those past retention, and rows that nothing asks for. When it is late nothing breaks: rows go to the DEFAULT partition and are moved.</summary>
internal sealed partial class PartitionMaintenance(
    NpgsqlDataSource dataSource,
    OldRows oldRows,
    TimeProvider timeProvider,
    IOptions<RecordingOptions> options,
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

    /// <summary>Drops the partitions of months past retention; 0 months keep everything. Returns the number of dropped ones.</summary>
    public static async Task<int> DropAsync(NpgsqlDataSource dataSource, int monthsKept, CancellationToken cancellationToken)
    {
        if (monthsKept == 0)
            return 0;

        await using var command = dataSource.CreateCommand(
            "SELECT drop_ledger_months((date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => $1))::date)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = monthsKept });
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
                var dropped = await DropAsync(dataSource, options.Value.RetentionMonths, stoppingToken);
                if (dropped > 0)
                    Log.Dropped(logger, dropped);
                var deleted = await oldRows.DeleteAsync(stoppingToken);
                if (deleted > 0)
                    Log.Deleted(logger, deleted);
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

        [LoggerMessage(Level = LogLevel.Information, Message = "{Dropped} ledger partitions past retention were dropped")]
        public static partial void Dropped(ILogger logger, int dropped);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Deleted} rows beside the ledger were deleted, which nothing asks for any more")]
        public static partial void Deleted(ILogger logger, long deleted);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger partitions could not be prepared or dropped; rows go to the default partition meanwhile")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
