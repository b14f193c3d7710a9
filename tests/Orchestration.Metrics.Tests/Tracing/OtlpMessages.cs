using Google.Protobuf;
using Orchestration.Metrics.Tracing.Otlp;

namespace Orchestration.Metrics.Tests.Tracing;

/// <summary>Spans as an exporter writes them.</summary>
internal static class OtlpMessages
{
    private const ulong Epoch = 1_795_000_000_000_000_000;

    public static ExportTraceServiceRequest Export(string service, params Span[] spans)
    {
        var scope = new ScopeSpans();
        scope.Spans.AddRange(spans);
        var resource = new Resource { Attributes = { Attribute("service.name", service) } };
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { scope } } } };
    }

    public static Span Span(byte trace, byte id, byte parent = 0, Span.Types.SpanKind kind = Orchestration.Metrics.Tracing.Otlp.Span.Types.SpanKind.Server, string name = "work", ulong at = 0) => new()
    {
        TraceId = Id(trace, 16),
        SpanId = Id(id, 8),
        ParentSpanId = parent == 0 ? ByteString.Empty : Id(parent, 8),
        Name = name,
        Kind = kind,
        StartTimeUnixNano = Epoch + at,
        EndTimeUnixNano = Epoch + at + 1_500_000,
    };

    public static Span LinkedTo(this Span span, byte trace, byte id)
    {
        span.Links.Add(new Span.Types.Link { TraceId = Id(trace, 16), SpanId = Id(id, 8) });
        return span;
    }

    public static Span With(this Span span, string key, string value)
    {
        span.Attributes.Add(Attribute(key, value));
        return span;
    }

    public static KeyValue Attribute(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static ByteString Id(byte number, int length) => ByteString.CopyFrom([.. Enumerable.Repeat((byte)0, length - 1), number]);
}
