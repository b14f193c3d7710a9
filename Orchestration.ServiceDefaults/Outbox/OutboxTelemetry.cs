using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>What the outbox shows of itself.</summary>
internal sealed class OutboxTelemetry : IDisposable
{
    private const string Name = "Orchestration.Outbox";

    // Exporters keep 128 links of a span by default; more would be dropped on the way.
    private const int MaxLinks = 128;

    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _quarantined;

    public OutboxTelemetry(IMeterFactory meters, Outbox outbox, BrokerAlarm alarm, TimeProvider timeProvider)
    {
        var meter = meters.Create(Name);
        _delivered = meter.CreateCounter<long>("orchestration.outbox.delivered", "{event}", "Events that the broker confirmed.");
        _failures = meter.CreateCounter<long>("orchestration.outbox.publish_failures", "{batch}", "Publishes without confirmation.");
        _quarantined = meter.CreateCounter<long>("orchestration.outbox.quarantined", "{event}", "Rows moved aside as unreadable.");
        var slot = new KeyValuePair<string, object?>("orchestration.outbox.slot", outbox.Instance);
        meter.CreateObservableGauge(
            "orchestration.outbox.pending", () => new Measurement<long>(outbox.Pending, slot), "{event}", "Events not confirmed yet.");
        meter.CreateObservableGauge(
            "orchestration.outbox.oldest_age", () => new Measurement<double>(outbox.OldestAge(timeProvider.GetUtcNow()).TotalSeconds, slot), "s", "Age of the oldest such event.");
        meter.CreateObservableGauge(
            "orchestration.outbox.size", () => new Measurement<long>(outbox.Slot.File.Bytes, slot), "By", "Size of the spool on disk.");
        meter.CreateObservableGauge(
            "orchestration.outbox.broker_blocked", () => new Measurement<int>(alarm.Reason is null ? 0 : 1, slot), "{connection}", "1 while the broker takes no messages because it is short of memory or disk.");
        meter.CreateObservableGauge(
            "orchestration.outbox.damaged", () => new Measurement<int>(outbox.Slot.CountDamaged(), slot), "{file}", "Damaged spool files that were set aside.");
    }

    public void Delivered(int events) => _delivered.Add(events);

    public void PublishFailed() => _failures.Add(1);

    public void Quarantined() => _quarantined.Add(1);

    /// <summary>A span of the relay's own with a link to each request that the batch tells of.</summary>
    public Activity? StartPublish(LedgerBatch batch)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var links = new List<ActivityLink>();
        var seen = new HashSet<ActivityTraceId>();
        foreach (var ledgerEvent in batch.Events)
        {
            if (links.Count < MaxLinks
                && ActivityContext.TryParse(ledgerEvent.TraceParent, null, isRemote: true, out var context)
                && seen.Add(context.TraceId))
            {
                links.Add(new ActivityLink(context));
            }
        }

        var activity = _source.StartActivity("outbox publish", ActivityKind.Internal, default(ActivityContext), tags: null, links);
        activity?.SetTag("orchestration.outbox.instance", batch.Instance);
        activity?.SetTag("messaging.batch.message_count", batch.Events.Count);
        return activity;
    }

    public void Dispose() => _source.Dispose();
}
