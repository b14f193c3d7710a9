namespace Orchestration.Protocols.Sse;

/// <summary>Reads server-sent events by the WHATWG rules. Not safe for concurrent reads.</summary>
public sealed class SseReader(Stream stream, SseLimits? limits = null) : IDisposable
{
    private readonly Stream _stream = stream;
    private readonly SseLimits _limits = limits ?? SseLimits.Default;

    /// <summary>Number of bytes read from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next event or comment; null at the end of the stream. An event without its blank line is not dispatched.</summary>
    /// <exception cref="SseLimitException">A line or an event is too large.</exception>
    public ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken) => throw new NotImplementedException(_stream.ToString() + _limits);

    /// <summary>Returns the buffers. Does not close the stream.</summary>
    public void Dispose() => BytesRead += 0;
}
