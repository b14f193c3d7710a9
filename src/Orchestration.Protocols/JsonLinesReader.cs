using System.Buffers;
using System.IO.Pipelines;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols;

/// <summary>Reads a stream of one JSON value per line; empty lines are skipped. A last line without its line end is a line.</summary>
public sealed class JsonLinesReader(Stream stream, SseLimits? limits = null) : IEventReader
{
    private readonly SseLimits _limits = limits ?? SseLimits.Default;
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line as an event without a type; null at the end of the stream.</summary>
    /// <exception cref="SseLimitException">A line is longer than the limit.</exception>
    public async ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end).ToArray();
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                if (Checked(line).Span.IndexOfAnyExcept((byte)' ', (byte)'\r') >= 0) return new SseEvent("", line, IsComment: false);
                continue;
            }

            if (buffer.Length > _limits.MaxLineBytes) throw new SseLimitException("A line is longer than a line may be.");
            if (read.IsCompleted)
            {
                var rest = buffer.ToArray();
                _reader.AdvanceTo(buffer.End);
                return rest.AsSpan().IndexOfAnyExcept((byte)' ', (byte)'\r') >= 0 ? new SseEvent("", rest, IsComment: false) : null;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Complete();

    private ReadOnlyMemory<byte> Checked(byte[] line) =>
        line.Length <= _limits.MaxLineBytes ? line : throw new SseLimitException("A line is longer than a line may be.");
}
