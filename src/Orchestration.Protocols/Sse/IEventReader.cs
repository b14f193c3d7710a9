namespace Orchestration.Protocols.Sse;

/// <summary>Reads the events of a streamed answer, whatever separates them.</summary>
public interface IEventReader : IDisposable
{
    /// <summary>The next event; null at the end of the stream. Its data are valid until the next read only.</summary>
    /// <exception cref="SseLimitException">The stream passed one of its limits.</exception>
    public ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken);
}
