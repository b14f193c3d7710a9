using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Wire;

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

    /// <summary>Segments of N bytes (default 1), or with the borders that were given, and a pause between them.</summary>
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

    /// <summary>A refusal of some class in the vendor's own status, body and headers.</summary>
    Error,

    /// <summary>The vendor's content filter steps in after N events.</summary>
    FilterMid,

    /// <summary>A finish reason of one's choice.</summary>
    Finish,

    /// <summary>The connection breaks right before the finish chunk.</summary>
    CutBeforeFinish,

    /// <summary>The connection breaks after the finish chunk, before usage and end marker.</summary>
    CutAfterFinish,

    /// <summary>The body ends in order, but before the finish chunk.</summary>
    EndBeforeFinish,

    /// <summary>The body compressed, whether the client wants that or not.</summary>
    Gzip,

    /// <summary>The finish chunk twice.</summary>
    DoubleFinish,

    /// <summary>Usage with all numbers zero.</summary>
    ZeroUsage,

    /// <summary>Usage with numbers that are too high.</summary>
    WrongUsage,

    /// <summary>Tool calls numbered from the last to the first; a single one is number 1.</summary>
    ToolIndex,

    /// <summary>Members of every object in another order each time.</summary>
    Shuffle,

    /// <summary>A content type that does not fit the body.</summary>
    WrongType,

    /// <summary>Another model's name in the answer.</summary>
    OtherModel,

    /// <summary>The limits of the request, max_tokens and stop, are ignored.</summary>
    IgnoreLimits,

    /// <summary>Bytes that were given, with pauses, and an ending.</summary>
    Script,
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

    /// <summary>One of <see cref="Vendors.ErrorClass"/>.</summary>
    public string? Class { get; init; }

    /// <summary>The finish reason of <see cref="FaultKind.Finish"/>.</summary>
    public string? Text { get; init; }

    /// <summary>How a broken connection ends.</summary>
    public SocketEnding Ending { get; init; }

    /// <summary>Where segments end, in bytes of the body.</summary>
    public IReadOnlyList<int>? Offsets { get; init; }

    public StreamScript? Script { get; init; }
}
