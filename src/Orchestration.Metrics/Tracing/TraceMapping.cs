using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Tracing;

/// <summary>Stored spans as the messages that other services read.</summary>
internal static class TraceMapping
{
    private const ulong NanosPerSecond = 1_000_000_000;

    public static TraceSummary ToSummary(this TraceOverview trace)
    {
        var summary = new TraceSummary
        {
            TraceId = trace.TraceId.ToTraceId(),
            Name = trace.Name,
            Service = trace.Service,
            StartedAt = ToTimestamp(trace.StartUnixNano),
            Duration = ToDuration(trace.EndUnixNano - trace.StartUnixNano),
            SpanCount = trace.SpanCount,
            Failed = trace.Failed,
        };
        summary.Services.AddRange(trace.Services);
        return summary;
    }

    public static Span ToSpan(this StoredSpan stored)
    {
        var span = new Span
        {
            SpanId = ToSpanId(stored.SpanId),
            ParentSpanId = stored.ParentSpanId == 0 ? "" : ToSpanId(stored.ParentSpanId),
            Service = stored.Service,
            Name = stored.Name,
            Kind = stored.Kind switch
            {
                StoredSpanKind.Server => "server",
                StoredSpanKind.Client => "client",
                StoredSpanKind.Producer => "producer",
                StoredSpanKind.Consumer => "consumer",
                _ => "internal",
            },
            StartedAt = ToTimestamp(stored.StartUnixNano),
            Duration = ToDuration(stored.EndUnixNano - stored.StartUnixNano),
            Failed = stored.Failed,
            TraceId = stored.TraceId.ToTraceId(),
        };
        foreach (var (key, value) in stored.Attributes)
            span.Attributes[key] = value;
        span.Links.AddRange(stored.Links.Select(link => new SpanLink { TraceId = link.TraceId.ToTraceId(), SpanId = ToSpanId(link.SpanId) }));
        return span;
    }

    public static string ToTraceId(this UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static UInt128? ParseTraceId(string text) =>
        text.Length == 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var traceId) ? traceId : null;

    private static string ToSpanId(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    private static Timestamp ToTimestamp(ulong unixNano) =>
        new() { Seconds = (long)(unixNano / NanosPerSecond), Nanos = (int)(unixNano % NanosPerSecond) };

    private static Duration ToDuration(ulong nanos) =>
        new() { Seconds = (long)(nanos / NanosPerSecond), Nanos = (int)(nanos % NanosPerSecond) };
}
