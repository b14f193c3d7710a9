using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Tracing;

/// <summary>Recent traces in memory, within fixed bounds; found by trace, and by a link that points to a trace.</summary>
internal sealed class TraceStore(IOptions<TraceStoreOptions> options, MetricsTelemetry telemetry)
{
    private readonly Lock _gate = new();
    private readonly TraceStoreOptions _options = options.Value;
    private readonly Dictionary<UInt128, StoredTrace> _traces = [];
    private readonly Queue<StoredTrace> _byArrival = new();
    private readonly Dictionary<UInt128, List<StoredSpan>> _linking = [];
    private int _spans;
    private long _bytes;

    public int SpanCount => _spans;

    public long ByteCount => _bytes;

    public void Add(IReadOnlyList<StoredSpan> spans)
    {
        var stored = 0;
        lock (_gate)
        {
            foreach (var span in spans)
            {
                if (TryAdd(span))
                    stored++;
            }

            while (_spans > _options.MaxSpans || _bytes > _options.MaxBytes)
                Evict(_byArrival.Dequeue());
        }

        telemetry.SpansReceived(stored, spans.Count - stored);
    }

    /// <summary>Newest first; only work, not the polls, probes and relays between.</summary>
    public IReadOnlyList<TraceOverview> List(int count, string service)
    {
        lock (_gate)
        {
            return
            [
                .. _byArrival
                    .Where(trace => trace.IsListed && (service.Length == 0 || trace.Services.Contains(service)))
                    .OrderByDescending(trace => trace.StartUnixNano)
                    .Take(count)
                    .Select(TraceOverview.Of),
            ];
        }
    }

    /// <summary>
    /// The spans of a trace by start, together with what links to it and everything below that: the batch that wrote a request's
    /// events runs in a trace of its own. Null when the trace is not here.
    /// </summary>
    public IReadOnlyList<StoredSpan>? Find(UInt128 traceId)
    {
        lock (_gate)
        {
            if (!_traces.TryGetValue(traceId, out var trace))
                return null;

            var found = new HashSet<StoredSpan>(trace.Spans, ReferenceEqualityComparer.Instance);
            foreach (var span in _linking.GetValueOrDefault(traceId) ?? [])
                AddWithDescendants(span, found);
            return [.. found.OrderBy(span => span.StartUnixNano)];
        }
    }

    private bool TryAdd(StoredSpan span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            trace = new StoredTrace(span.TraceId);
            _traces.Add(trace.Id, trace);
            _byArrival.Enqueue(trace);
        }

        if (trace.Spans.Count >= _options.MaxSpansPerTrace || !trace.Add(span))
            return false;

        _spans++;
        _bytes += span.Bytes;
        foreach (var linked in LinkedTraces(span))
        {
            if (!_linking.TryGetValue(linked, out var linking))
                _linking.Add(linked, linking = []);
            linking.Add(span);
        }

        return true;
    }

    private void Evict(StoredTrace trace)
    {
        _traces.Remove(trace.Id);
        foreach (var span in trace.Spans)
        {
            _spans--;
            _bytes -= span.Bytes;
            foreach (var linked in LinkedTraces(span))
            {
                if (_linking.TryGetValue(linked, out var linking) && linking.Remove(span) && linking.Count == 0)
                    _linking.Remove(linked);
            }
        }
    }

    private void AddWithDescendants(StoredSpan linking, HashSet<StoredSpan> found)
    {
        if (!_traces.TryGetValue(linking.TraceId, out var trace))
            return;

        var children = trace.Spans.ToLookup(span => span.ParentSpanId);
        var pending = new Stack<StoredSpan>([linking]);
        while (pending.TryPop(out var span) && found.Count < _options.MaxSpansPerTrace)
        {
            if (!found.Add(span))
                continue;
            foreach (var child in children[span.SpanId])
                pending.Push(child);
        }
    }

    private static IEnumerable<UInt128> LinkedTraces(StoredSpan span) =>
        span.Links.Select(link => link.TraceId).Where(linked => linked != span.TraceId).Distinct();
}
