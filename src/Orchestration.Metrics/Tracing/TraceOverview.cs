namespace Orchestration.Metrics.Tracing;

/// <summary>One line of the list of traces.</summary>
internal sealed record TraceOverview(
    UInt128 TraceId,
    string Name,
    string Service,
    ulong StartUnixNano,
    ulong EndUnixNano,
    int SpanCount,
    IReadOnlyList<string> Services,
    bool Failed)
{
    public static TraceOverview Of(StoredTrace trace)
    {
        var root = trace.Root;
        return new TraceOverview(
            trace.Id,
            root.Name,
            root.Service,
            trace.StartUnixNano,
            trace.EndUnixNano,
            trace.Spans.Count,
            [.. trace.Services.Order(StringComparer.Ordinal)],
            trace.Failed);
    }
}
