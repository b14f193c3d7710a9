using System.Buffers;
using System.Runtime.CompilerServices;

namespace Orchestration.Protocols.Sse;

/// <summary>Reads server-sent events by the WHATWG rules. Not safe for concurrent reads.</summary>
public sealed class SseReader(Stream stream, SseLimits? limits = null) : IEventReader
{
    private readonly SseLimits _limits = limits ?? SseLimits.Default;
    private readonly SseEventAssembler _assembler = new(limits ?? SseLimits.Default);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
    private int _start;
    private int _scanned;
    private int _end;
    private bool _skipLineFeed;
    private bool _started;
    private bool _ended;

    /// <summary>Number of bytes read from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next event or comment; null at the end of the stream. An event without its blank line is not dispatched.</summary>
    /// <exception cref="SseLimitException">A line or an event is too large.</exception>
    public ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken) =>
        TryRead(out var sseEvent) ? new(sseEvent) : ReadSlowAsync(cancellationToken);

    /// <summary>Returns the buffers. Does not close the stream.</summary>
    public void Dispose()
    {
        _ended = true;
        _start = _scanned = _end = 0;
        _assembler.Dispose();
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SseEvent?> ReadSlowAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                _ended = true;
                break;
            }

            BytesRead += read;
            _end += read;
            if (TryRead(out var sseEvent))
                return sseEvent;
        }

        return null;
    }

    private bool TryRead(out SseEvent sseEvent)
    {
        sseEvent = default;
        if (!_started && !TrySkipByteOrderMark())
            return false;

        while (TryReadLine(out var line))
        {
            if (_assembler.Add(line, out sseEvent))
                return true;
        }

        return false;
    }

    private bool TrySkipByteOrderMark()
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var available = _buffer.AsSpan(_start, _end - _start);
        if (available.Length < mark.Length && mark.StartsWith(available))
            return false;

        _started = true;
        if (available.StartsWith(mark))
            _start = _scanned = _start + mark.Length;
        return true;
    }

    private bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        line = default;
        if (_skipLineFeed && _start < _end)
        {
            // The LF of a CRLF may come with a later read than its CR.
            _skipLineFeed = false;
            if (_buffer[_start] == (byte)'\n')
                _start = _scanned = _start + 1;
        }

        var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
        var length = (found < 0 ? _end : _scanned + found) - _start;
        if (length > _limits.MaxLineBytes)
            throw new SseLimitException($"A line of the event stream is longer than {_limits.MaxLineBytes} bytes.");
        if (found < 0)
        {
            _scanned = _end;
            return false;
        }

        line = _buffer.AsMemory(_start, length);
        _skipLineFeed = _buffer[_start + length] == (byte)'\r';
        _start = _scanned = _start + length + 1;
        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
        }
        else if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end < _buffer.Length)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
