using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>How an attempt to deliver a slot's oldest events ended.</summary>
internal abstract record Delivery
{
    private Delivery()
    {
    }

    internal sealed record Nothing : Delivery;

    internal sealed record Done(int Events) : Delivery;

    internal sealed record Failed(Exception Reason) : Delivery;
}

/// <summary>Takes a slot's oldest events to the broker, and off the disk once they are confirmed.</summary>
internal sealed partial class SlotDelivery(LedgerPublisher publisher, OutboxTelemetry telemetry, ILogger<SlotDelivery> logger)
{
    internal const int BatchEvents = 500;

    // Far below what a broker takes, so that no batch is ever refused for its size.
    private const int BatchBytes = 4 * 1024 * 1024;

    /// <summary>Delivers one batch; rows that cannot be read are moved aside and count as delivered.</summary>
    public async Task<Delivery> DeliverOldestAsync(OutboxSlot slot, string instance, CancellationToken cancellationToken)
    {
        var rows = slot.File.ReadOldest(BatchEvents, BatchBytes);
        if (rows.Count == 0)
        {
            return new Delivery.Nothing();
        }

        var events = ReadUntilUnreadable(rows, out var reason);
        if (events.Count == 0)
        {
            await MoveAsideAsync(slot, rows[0].Sequence, reason!);
            return new Delivery.Done(1);
        }

        var batch = new LedgerBatch { Instance = instance, FirstSequence = rows[0].Sequence, Events = events };
        using var activity = telemetry.StartPublish(batch);
        try
        {
            await publisher.PublishAsync(batch, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            telemetry.PublishFailed();
            return new Delivery.Failed(exception);
        }

        await slot.Writer.SubmitAsync(new RemoveWork(rows[0].Sequence, rows[events.Count - 1].Sequence));
        telemetry.Delivered(events.Count);
        return new Delivery.Done(events.Count);
    }

    private static List<LedgerEvent> ReadUntilUnreadable(List<SpoolRow> rows, out string? reason)
    {
        var events = new List<LedgerEvent>(rows.Count);
        reason = null;
        foreach (var row in rows)
        {
            if (!row.IsSound)
            {
                reason = "Not as it was written: the checksum does not fit.";
                break;
            }

            try
            {
                events.Add(SpoolJson.Read(row.Body));
            }
            catch (JsonException exception)
            {
                reason = $"Not an event: {exception.Message}";
                break;
            }
        }

        return events;
    }

    private async Task MoveAsideAsync(OutboxSlot slot, long sequence, string reason)
    {
        await slot.Writer.SubmitAsync(new MoveAsideWork(sequence, reason));
        telemetry.Quarantined();
        Log.MovedAside(logger, sequence, slot.Number);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Event {Sequence} of outbox slot {Slot} cannot be read and was moved aside")]
        public static partial void MovedAside(ILogger logger, long sequence, int slot);
    }
}
