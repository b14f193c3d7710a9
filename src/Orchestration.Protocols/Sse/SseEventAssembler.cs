using System.Buffers;
using System.Text;

namespace Orchestration.Protocols.Sse;

/// <summary>Builds events from lines. The type of an event without data never reaches the next event.</summary>
internal sealed class SseEventAssembler(SseLimits limits) : IDisposable
{
    private byte[] _data = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _length;
    private bool _hasData;
    private string _type = "";
    private string _lastType = "";

    /// <summary>Takes one line without its end; true when it completes an event or is a comment.</summary>
    public bool Add(ReadOnlyMemory<byte> line, out SseEvent sseEvent)
    {
        sseEvent = default;
        var span = line.Span;
        if (span.IsEmpty)
            return TryDispatch(out sseEvent);

        var colon = span.IndexOf((byte)':');
        var name = colon < 0 ? span : span[..colon];
        var valueStart = colon < 0 ? span.Length : colon + 1;
        if (valueStart < span.Length && span[valueStart] == (byte)' ')
            valueStart++;

        if (colon == 0)
        {
            sseEvent = new SseEvent("", line[valueStart..], IsComment: true);
            return true;
        }

        if (name.SequenceEqual("data"u8))
            Append(span[valueStart..]);
        else if (name.SequenceEqual("event"u8))
            _type = TypeOf(span[valueStart..]);

        return false;
    }

    public void Dispose()
    {
        var data = Interlocked.Exchange(ref _data, []);
        if (data.Length > 0)
            ArrayPool<byte>.Shared.Return(data);
        _length = 0;
    }

    private bool TryDispatch(out SseEvent sseEvent)
    {
        sseEvent = new SseEvent(_type, _data.AsMemory(0, _length), IsComment: false);
        var dispatch = _hasData;
        _type = "";
        _hasData = false;
        _length = 0;
        return dispatch;
    }

    private void Append(ReadOnlySpan<byte> value)
    {
        var needed = _length + value.Length + (_hasData ? 1 : 0);
        if (needed > limits.MaxEventBytes)
            throw new SseLimitException($"An event of the stream is larger than {limits.MaxEventBytes} bytes.");

        if (needed > _data.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _data.Length * 2));
            _data.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }

        if (_hasData)
            _data[_length++] = (byte)'\n';
        value.CopyTo(_data.AsSpan(_length));
        _length += value.Length;
        _hasData = true;
    }

    private string TypeOf(ReadOnlySpan<byte> value)
    {
        if (!Ascii.Equals(value, _lastType))
            _lastType = Encoding.UTF8.GetString(value);
        return _lastType;
    }
}
