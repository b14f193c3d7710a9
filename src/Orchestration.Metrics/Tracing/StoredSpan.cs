namespace Orchestration.Metrics.Tracing;

/// <summary>A span as it is kept: capped, and without anything that may hold a prompt or a secret.</summary>
internal sealed record StoredSpan
{
    public required UInt128 TraceId { get; init; }
    public required ulong SpanId { get; init; }

    /// <summary>0 for a root.</summary>
    public required ulong ParentSpanId { get; init; }
    public required string Service { get; init; }
    public required string Name { get; init; }
    public required StoredSpanKind Kind { get; init; }
    public required ulong StartUnixNano { get; init; }
    public required ulong EndUnixNano { get; init; }
    public required bool Failed { get; init; }
    public required IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; }
    public required IReadOnlyList<StoredLink> Links { get; init; }

    /// <summary>About what the span takes in memory.</summary>
    public int Bytes
    {
        get
        {
            var bytes = 200 + (2 * Name.Length) + (Links.Count * 32);
            foreach (var (key, value) in Attributes)
                bytes += 64 + (2 * (key.Length + value.Length));
            return bytes;
        }
    }
}

/// <summary>A span of another trace.</summary>
internal readonly record struct StoredLink(UInt128 TraceId, ulong SpanId);

/// <summary>Kinds by their OTLP numbers.</summary>
internal enum StoredSpanKind
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
