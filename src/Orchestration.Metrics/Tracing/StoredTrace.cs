using Orchestration.ServiceDefaults;

namespace Orchestration.Metrics.Tracing;

/// <summary>The spans of one trace that have arrived so far, with what the list of traces shows of them.</summary>
internal sealed class StoredTrace(UInt128 id)
{
    private static readonly string[] HealthPaths = ["/health", "/alive"];

    private readonly Dictionary<ulong, StoredSpan> _spans = [];
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);
    private StoredSpan? _root;
    private bool _isWork;

    public UInt128 Id { get; } = id;

    public IReadOnlyCollection<StoredSpan> Spans => _spans.Values;

    public IReadOnlyCollection<string> Services => _services;

    public ulong StartUnixNano { get; private set; } = ulong.MaxValue;

    public ulong EndUnixNano { get; private set; }

    public bool Failed { get; private set; }

    /// <summary>The span without a parent; until it arrives, the earliest.</summary>
    public StoredSpan Root => _root ?? _spans.Values.MinBy(span => span.StartUnixNano)!;

    /// <summary>
    /// False for polls, probes and an operator's look at the console, and for work that only links to the traces it was done for:
    /// they show it.
    /// </summary>
    public bool IsListed => _isWork && !_services.Contains(ResourceNames.Console) && Root.Links.Count == 0;

    /// <summary>False when the span was there already.</summary>
    public bool Add(StoredSpan span)
    {
        if (!_spans.TryAdd(span.SpanId, span))
            return false;

        _services.Add(span.Service);
        StartUnixNano = Math.Min(StartUnixNano, span.StartUnixNano);
        EndUnixNano = Math.Max(EndUnixNano, span.EndUnixNano);
        Failed |= span.Failed;
        if (span.ParentSpanId == 0)
            _root ??= span;
        _isWork |= span.Kind is StoredSpanKind.Producer or StoredSpanKind.Consumer or StoredSpanKind.Internal
            || (span.Kind == StoredSpanKind.Server && !IsProbe(span));
        return true;
    }

    private static bool IsProbe(StoredSpan span) =>
        span.Attributes.Any(attribute => attribute.Key is "url.path" or "http.route" && HealthPaths.Contains(attribute.Value, StringComparer.Ordinal));
}
