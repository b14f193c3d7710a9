using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchestration.Metrics;

/// <summary>Spans and instruments of the ledger and the trace store.</summary>
internal sealed class MetricsTelemetry : IDisposable
{
    public const string Name = "Orchestration.Metrics";

    private readonly Counter<long> _events;
    private readonly Counter<long> _retries;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _spans;
    private readonly Counter<long> _recovered;
    private readonly Gauge<long> _gaps;

    public MetricsTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _events = meter.CreateCounter<long>("orchestration.ledger.events", "{event}", "Events by what became of them.");
        _retries = meter.CreateCounter<long>("orchestration.ledger.retries", "{try}", "Writes tried again, by reason.");
        _batchSize = meter.CreateHistogram<int>("orchestration.ledger.batch.size", "{event}", "Events of one delivered batch.");
        _lag = meter.CreateHistogram<double>("orchestration.ledger.lag", "s", "From an event to its row, oldest event of each batch.");
        _recovered = meter.CreateCounter<long>("orchestration.ledger.recovered", "{row}", "Requests and attempts that were settled in the place of a process that died.");
        _gaps = meter.CreateGauge<long>("orchestration.ledger.gaps", "{gap}", "Gaps that the last reconciliation found.");
        _spans = meter.CreateCounter<long>("orchestration.traces.spans", "{span}", "Spans received by the trace store, by what became of them.");
    }

    public ActivitySource Activities { get; } = new(Name);

    public void Applied(int events) => Count(events, "applied");

    public void Ignored(int events) => Count(events, "ignored");

    public void Quarantined(int events) => Count(events, "quarantined");

    public void Retried(string reason) => _retries.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Recorded(int events, TimeSpan lag)
    {
        _batchSize.Record(events);
        _lag.Record(Math.Max(0, lag.TotalSeconds));
    }

    public void Recovered(int attempts, int requests)
    {
        _recovered.Add(attempts, new KeyValuePair<string, object?>("kind", "attempt"));
        _recovered.Add(requests, new KeyValuePair<string, object?>("kind", "request"));
    }

    public void Reconciled(long gaps) => _gaps.Record(gaps);

    public void SpansReceived(int stored, int dropped)
    {
        _spans.Add(stored, new KeyValuePair<string, object?>("outcome", "stored"));
        _spans.Add(dropped, new KeyValuePair<string, object?>("outcome", "dropped"));
    }

    public void Dispose() => Activities.Dispose();

    private void Count(int events, string outcome) =>
        _events.Add(events, new KeyValuePair<string, object?>("outcome", outcome));
}
