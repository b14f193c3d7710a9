namespace Orchestration.Simulator.Faults;

/// <summary>What goes wrong with a response.</summary>
internal enum FaultKind
{
    /// <summary>An error status with the vendor's own body, or a given one.</summary>
    Status,

    /// <summary>No byte, not even the status line, before a delay has passed.</summary>
    Slow,

    /// <summary>Status line at once, then only keep-alives before a delay has passed.</summary>
    Queue,

    /// <summary>FIN after N bytes of the body, inside chunked framing.</summary>
    Cut,

    /// <summary>RST after N bytes of the body.</summary>
    Reset,

    /// <summary>FIN after N bytes of a body that ends with its connection: looks complete to an HTTP client.</summary>
    Close,

    /// <summary>Silence after N bytes of the body, the connection stays open.</summary>
    Stall,

    /// <summary>Every byte in a segment of its own.</summary>
    Split,

    /// <summary>Text that is no JSON in place of the answer, or of the stream after N events.</summary>
    Garbage,

    /// <summary>An error object under status 200, or in the stream after N events.</summary>
    ErrorIn200,

    /// <summary>Status 200 and no body.</summary>
    Empty,

    /// <summary>The vendor declines to answer, in the way its protocol has for that.</summary>
    Refusal,

    /// <summary>The answer ends halfway because a content filter stops it.</summary>
    Filtered,

    /// <summary>A plain JSON answer to a request for a stream.</summary>
    PlainForStream,

    /// <summary>No end marker after the finish.</summary>
    NoDone,

    /// <summary>No finish reason, but the end marker.</summary>
    NoFinish,

    /// <summary>No usage, even when asked for.</summary>
    NoUsage,

    /// <summary>The end marker twice.</summary>
    DoubleDone,

    /// <summary>One event of N bytes (default 8 MiB).</summary>
    Oversize,
}

/// <summary>A fault, ready to be applied to one response.</summary>
internal sealed record Fault(FaultKind Kind)
{
    public int Status { get; init; } = 200;

    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public int? AfterBytes { get; init; }

    public int AfterEvents { get; init; }

    public int? DelayMs { get; init; }

    public double? RetryAfter { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}
