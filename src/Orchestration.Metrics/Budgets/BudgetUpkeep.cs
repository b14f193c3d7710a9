using Microsoft.Extensions.Options;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Budgets;

/// <summary>What has to happen to budgets without anybody asking: leases run out, dead holders are heard to the end, thresholds are told.</summary>
internal sealed partial class BudgetUpkeep(
    LeaseSweep sweep, ThresholdNews news, IOptions<BudgetOptions> options, TimeProvider timeProvider, ILogger<BudgetUpkeep> logger) : BackgroundService
{
    private readonly HashSet<string> _failing = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(options.Value.SweepInterval, timeProvider);
        do
        {
            await TryAsync("leases", SweepAsync, stoppingToken);
            await TryAsync("thresholds", async token => await news.TellAsync(token), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var (suspended, closed) = await sweep.RunAsync(cancellationToken);
        if (suspended + closed > 0)
            Log.Swept(logger, suspended, closed);
    }

    private async Task TryAsync(string part, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            _failing.Remove(part);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next pass does it; one line tells of an outage, not one a second.
            if (!DatabaseFaults.IsCollision(exception) && _failing.Add(part))
                Log.Failed(logger, exception, part);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Suspended} budget leases were suspended and {Closed} closed")]
        public static partial void Swept(ILogger logger, int suspended, int closed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The upkeep of budgets ({Part}) failed and is tried again")]
        public static partial void Failed(ILogger logger, Exception exception, string part);
    }
}
