using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Says for the running requests of this process that they run, and deletes what has expired.</summary>
internal sealed partial class ClaimKeeper(
    Claims claims, RunningAnswers answers, IOptions<IdempotencyOptions> options, TimeProvider timeProvider, ILogger<ClaimKeeper> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(options.Value.Lease / 3, RenewAsync, stoppingToken),
        EveryAsync(options.Value.SweepEvery, SweepAsync, stoppingToken));

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (answers.Claims is { Count: > 0 } held)
            await claims.RenewAsync(held, cancellationToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await claims.SweepAsync(cancellationToken))
        {
            // As long as there is more.
        }
    }

    private async Task EveryAsync(TimeSpan period, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(work, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.Later(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Idempotency keys are looked after later: {Reason}")]
        public static partial void Later(ILogger logger, string reason);
    }
}
