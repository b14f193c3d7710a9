using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Delivers this process's events, off the request path, for as long as the process lives.</summary>
internal sealed partial class OutboxRelay(
    Outbox outbox, SlotDelivery delivery, IOptions<OutboxOptions> options, TimeProvider timeProvider, ILogger<OutboxRelay> logger)
    : BackgroundService
{
    private int _failures;

    /// <summary>Tries to deliver the rest in the time that a stopping process has.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(options.Value.ShutdownFlush, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (outbox.Pending > 0 && await DeliverAsync(either.Token) is Delivery.Done)
            {
                either.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // What remains stays on disk for the next process.
        }

        if (outbox.Pending > 0)
        {
            Log.Left(logger, outbox.Pending, outbox.Instance);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DeliverAndWaitAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Broken(logger, exception);
                await Task.Delay(Backoff.Longest, timeProvider, stoppingToken);
            }
        }
    }

    private async Task DeliverAndWaitAsync(CancellationToken cancellationToken)
    {
        switch (await DeliverAsync(cancellationToken))
        {
            case Delivery.Nothing:
                await outbox.WaitForAppendAsync(cancellationToken);
                await Task.Delay(options.Value.Linger, timeProvider, cancellationToken);
                break;
            case Delivery.Done { Events: < SlotDelivery.BatchEvents }:
                await Task.Delay(options.Value.Pace, timeProvider, cancellationToken);
                break;
            case Delivery.Failed:
                await Task.Delay(Backoff.After(_failures), timeProvider, cancellationToken);
                break;
        }
    }

    private async Task<Delivery> DeliverAsync(CancellationToken cancellationToken)
    {
        var outcome = await delivery.DeliverOldestAsync(outbox.Slot, outbox.Instance, cancellationToken);
        outbox.IsBrokerAway = outcome is Delivery.Failed;
        switch (outcome)
        {
            case Delivery.Done done:
                outbox.Delivered(done.Events);
                if (_failures > 0)
                {
                    Log.Recovered(logger, _failures, outbox.Pending);
                }

                _failures = 0;
                break;
            case Delivery.Failed failed when _failures++ == 0:
                Log.Failed(logger, failed.Reason.GetType().Name, failed.Reason.Message, outbox.Pending);
                break;
        }

        return outcome;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The broker did not confirm a ledger batch ({Kind}: {Reason}); {Pending} events wait on disk")]
        public static partial void Failed(ILogger logger, string kind, string reason, long pending);

        [LoggerMessage(LogLevel.Information, "The broker takes ledger batches again after {Failures} failures; {Pending} events wait")]
        public static partial void Recovered(ILogger logger, int failures, long pending);

        [LoggerMessage(LogLevel.Error, "The outbox relay could not work")]
        public static partial void Broken(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "{Pending} ledger events of {Instance} stay on disk and will be delivered after the next start")]
        public static partial void Left(ILogger logger, long pending, string instance);
    }
}
