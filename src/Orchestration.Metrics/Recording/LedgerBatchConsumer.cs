using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>Writes what the outboxes relay.</summary>
internal sealed class LedgerBatchConsumer(GatheredWriter writer, MetricsTelemetry telemetry, TimeProvider timeProvider) : IConsumer<LedgerBatch>
{
    /// <summary>Queue that all replicas share.</summary>
    public const string Queue = "ledger";

    // Stands for a null in the list, which ends in quarantine like any other event that says nothing.
    private static readonly LedgerEvent Nothing = new()
    {
        EventId = Guid.Empty,
        Type = "",
        PayloadVersion = 0,
        OccurredAt = DateTimeOffset.MinValue,
        Payload = "null",
    };

    public async Task Consume(ConsumeContext<LedgerBatch> context)
    {
        var events = Sequence(context.Message);
        if (events.Count == 0)
            return;

        using var activity = LedgerActivity.Start(telemetry, context.Message, events);
        if (await writer.TryWriteAsync(events, context.CancellationToken))
        {
            var oldest = events.Find(item => Rules.Moment("occurred_at", item.Event.OccurredAt) is null)?.Event.OccurredAt;
            telemetry.Recorded(events.Count, oldest is null ? TimeSpan.Zero : timeProvider.GetUtcNow() - oldest.Value);
            return;
        }

        // A fresh copy at the end of the queue has no failed deliveries to its name. Should both copies be delivered, the
        // second changes nothing.
        var queue = await context.GetSendEndpoint(new Uri($"exchange:{Queue}"));
        await queue.Send(context.Message, context.CancellationToken);
    }

    private static List<SequencedEvent> Sequence(LedgerBatch batch) =>
        [.. (batch.Events ?? []).Select((item, index) => new SequencedEvent(batch.Instance ?? "", batch.FirstSequence + index, item ?? Nothing))];
}
