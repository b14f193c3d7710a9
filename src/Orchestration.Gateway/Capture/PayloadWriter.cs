using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Gateway.Capture;

/// <summary>Takes captured payloads to the database. While it is away they wait in memory, up to a bound.</summary>
internal sealed partial class PayloadWriter(
    PayloadCapture capture, PayloadStore store, IOptions<CaptureOptions> options, TimeProvider timeProvider, ILogger<PayloadWriter> logger) : BackgroundService
{
    private CapturedPayload? _taken;

    /// <summary>Writes what is left once, as long as the host lets it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(WriteAllAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(WriteAsync(stoppingToken), SweepAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (await capture.Queue.WaitToReadAsync(cancellationToken))
        {
            while (!await TryAsync(WriteAllAsync, cancellationToken))
                await Task.Delay(options.Value.RetryAfter, timeProvider, cancellationToken);
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        // One that the database was away for comes first again.
        while (_taken is not null || capture.Queue.TryRead(out _taken))
        {
            var kept = true;
            try
            {
                await store.InsertAsync(_taken, cancellationToken);
            }
            catch (PostgresException exception) when (!exception.IsTransient)
            {
                Log.Refused(logger, _taken.RequestId, exception.SqlState);
                kept = false;
            }

            capture.Done(_taken, kept);
            _taken = null;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, timeProvider);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await TryAsync(store.ExpireAsync, cancellationToken);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.Later(logger, exception.GetType().Name);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Prompt and answer of request {RequestId} are not kept: the database refused them with {SqlState}")]
        public static partial void Refused(ILogger logger, string requestId, string sqlState);

        [LoggerMessage(LogLevel.Information, "Captured prompts and answers are written or deleted later ({Cause})")]
        public static partial void Later(ILogger logger, string cause);
    }
}
