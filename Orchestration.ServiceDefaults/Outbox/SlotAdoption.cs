using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Delivers what dead processes left in slots that nobody holds.</summary>
internal sealed partial class SlotAdoption(
    Outbox outbox,
    SlotDelivery delivery,
    IOptions<OutboxOptions> options,
    ServiceInfo service,
    TimeProvider timeProvider,
    ILogger<SlotAdoption> logger) : BackgroundService
{
    private readonly HashSet<int> _checked = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the start of the host, which waits for the first part of this method.
        await Task.Yield();
        using var timer = new PeriodicTimer(options.Value.AdoptionInterval, timeProvider);
        do
        {
            try
            {
                await AdoptAllAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AdoptAllAsync(CancellationToken cancellationToken)
    {
        // A broker that does not take our own events takes nobody's.
        if (outbox.IsBrokerAway)
        {
            return;
        }

        foreach (var number in OutboxSlot.Existing(options.Value.Directory).Where(number => number != outbox.Slot.Number).Order().ToList())
        {
            try
            {
                await AdoptAsync(number, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _checked.Remove(number);
                Log.SlotFailed(logger, exception, number);
            }
        }
    }

    private async Task AdoptAsync(int number, CancellationToken cancellationToken)
    {
        // Reading a whole file at every pass would cost more than the pass; damage since then shows as a failure, and is looked for again.
        using var slot = OutboxSlot.TryClaim(options.Value, number, timeProvider, logger, alreadyChecked: _checked.Contains(number));
        if (slot is not null)
        {
            _checked.Add(number);
            await DeliverAllAsync(slot, cancellationToken);
        }
    }

    private async Task DeliverAllAsync(OutboxSlot slot, CancellationToken cancellationToken)
    {
        var instance = Outbox.NameOf(options.Value, service, slot.Number);
        var (events, isEmpty) = await DrainAsync(slot, instance, cancellationToken);
        if (events > 0)
        {
            Log.Adopted(logger, events, instance);
        }

        // Nothing follows from whoever held the slot: what the ledger waits for of that process ends here.
        if (isEmpty && !slot.File.IsEnded)
        {
            await slot.Writer.SubmitAsync(Outbox.Turnover(instance, adopted: true, timeProvider.GetUtcNow()));
            await DrainAsync(slot, instance, cancellationToken);
        }
    }

    // Ends at the first failure: the slot must be free again for a process that starts while the broker is away.
    private async Task<(int Events, bool IsEmpty)> DrainAsync(OutboxSlot slot, string instance, CancellationToken cancellationToken)
    {
        var events = 0;
        while (true)
        {
            switch (await delivery.DeliverOldestAsync(slot, instance, cancellationToken))
            {
                case Delivery.Done done:
                    events += done.Events;
                    break;
                case var end:
                    return (events, end is Delivery.Nothing);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Delivered {Events} ledger events that a dead process left in {Instance}")]
        public static partial void Adopted(ILogger logger, int events, string instance);

        [LoggerMessage(LogLevel.Error, "What a dead process left in outbox slot {Slot} could not be delivered")]
        public static partial void SlotFailed(ILogger logger, Exception exception, int slot);

        [LoggerMessage(LogLevel.Error, "The search for abandoned outbox slots failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
