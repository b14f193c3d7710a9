using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Orchestration.Metrics.Tracing.Otlp;

namespace Orchestration.Metrics.Tracing;

/// <summary>Reads spans off the OTLP wire: capped, and without attributes that may hold prompts or credentials.</summary>
internal static class OtlpSpans
{
    private const int MaxName = 256;
    private const int MaxAttributes = 48;
    private const int MaxAttributeValue = 512;
    private const int MaxLinks = 128;

    // Content attributes of the GenAI conventions, header captures, and parameters of statements.
    private static readonly string[] Forbidden =
    [
        "gen_ai.prompt", "gen_ai.completion", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
        "gen_ai.tool.call", "http.request.header.", "http.response.header.", "rpc.grpc.request.metadata.", "rpc.grpc.response.metadata.",
        "db.query.parameter", "db.operation.parameter",
    ];

    /// <summary>All well-formed spans of an export; one without a trace or span id belongs nowhere and is left out.</summary>
    public static List<StoredSpan> Read(ExportTraceServiceRequest request)
    {
        var spans = new List<StoredSpan>();
        foreach (var resource in request.ResourceSpans)
        {
            var service = ServiceOf(resource.Resource);
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                if (IsId(span.TraceId, 16) && IsId(span.SpanId, 8))
                    spans.Add(Read(span, service));
            }
        }

        return spans;
    }

    private static StoredSpan Read(Span span, string service) => new()
    {
        TraceId = TraceId(span.TraceId),
        SpanId = SpanId(span.SpanId),
        ParentSpanId = IsId(span.ParentSpanId, 8) ? SpanId(span.ParentSpanId) : 0,
        Service = service,
        Name = Capped(span.Name, MaxName),
        Kind = Enum.IsDefined((StoredSpanKind)span.Kind) ? (StoredSpanKind)span.Kind : StoredSpanKind.Unspecified,
        StartUnixNano = Math.Min(span.StartTimeUnixNano, long.MaxValue),
        EndUnixNano = Math.Clamp(span.EndTimeUnixNano, Math.Min(span.StartTimeUnixNano, long.MaxValue), long.MaxValue),
        Failed = span.Status?.Code == Status.Types.StatusCode.Error,
        Attributes = Attributes(span.Attributes),
        Links =
        [
            .. span.Links.Where(link => IsId(link.TraceId, 16) && IsId(link.SpanId, 8))
                .Take(MaxLinks)
                .Select(link => new StoredLink(TraceId(link.TraceId), SpanId(link.SpanId))),
        ],
    };

    private static KeyValuePair<string, string>[] Attributes(RepeatedField<KeyValue> attributes) =>
    [
        .. attributes
            .Where(attribute => !Forbidden.Any(prefix => attribute.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .Take(MaxAttributes)
            .Select(attribute => KeyValuePair.Create(Capped(attribute.Key, MaxName), Capped(Text(attribute.Value), MaxAttributeValue))),
    ];

    private static string ServiceOf(Resource? resource)
    {
        var name = resource?.Attributes.FirstOrDefault(attribute => attribute.Key == "service.name")?.Value;
        return Capped(name is null ? "unknown" : Text(name), MaxName);
    }

    private static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.ArrayValue => string.Join(", ", value.ArrayValue.Values.Take(16).Select(Scalar)),
        _ => "",
    };

    // Arrays of arrays are not followed, so that a hostile depth costs nothing.
    private static string Scalar(AnyValue value) =>
        value.ValueCase == AnyValue.ValueOneofCase.ArrayValue ? "…" : Text(value);

    private static string Capped(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static bool IsId(ByteString id, int length) => id.Length == length && id.Span.ContainsAnyExcept((byte)0);

    private static UInt128 TraceId(ByteString id) => BinaryPrimitives.ReadUInt128BigEndian(id.Span);

    private static ulong SpanId(ByteString id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);
}
