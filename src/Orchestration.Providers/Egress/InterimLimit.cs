namespace Orchestration.Providers.Egress;

/// <summary>
/// A connection to a provider, after TLS, that ends when more than eight interim answers (1xx) precede an answer. The client passes over
/// them in silence, so they are counted here: only status lines are looked at, and nothing at all once the final answer has begun.
/// </summary>
internal sealed class InterimLimit(Stream inner) : Stream
{
    private const int MostInterim = 8;
    // '?' stands for any byte.
    private static readonly byte[] InterimStart = [.. "HTTP/1.? 1"u8];
    private volatile bool _requestWritten;
    private State _state = State.Passing;
    private bool _lineIsEmpty;
    private int _matched;
    private int _interim;

    private enum State
    {
        /// <summary>No answer is awaited, or its final part is under way.</summary>
        Passing,

        /// <summary>An answer is to begin.</summary>
        StatusLine,

        /// <summary>The headers of an interim answer.</summary>
        InterimHead,
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Look(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Look(buffer.AsSpan(offset, read));
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _requestWritten = true;
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        _requestWritten = true;
        inner.Write(buffer, offset, count);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        if (_state == State.Passing)
        {
            if (!_requestWritten || bytes.IsEmpty) return;
            // A body that begins before its request was written out is taken for the start of an answer: its first byte tells.
            _requestWritten = false;
            (_state, _matched, _interim) = (State.StatusLine, 0, 0);
        }

        foreach (var next in bytes)
        {
            if (_state == State.StatusLine) MatchStatusLine(next);
            else PassHead(next);
            if (_state == State.Passing) return;
        }
    }

    private void MatchStatusLine(byte next)
    {
        if (InterimStart[_matched] != '?' && InterimStart[_matched] != next)
        {
            _state = State.Passing;
            return;
        }

        if (++_matched < InterimStart.Length) return;
        if (++_interim > MostInterim) throw new TooManyInterimAnswersException();
        (_state, _matched, _lineIsEmpty) = (State.InterimHead, 0, false);
    }

    private void PassHead(byte next)
    {
        switch (next)
        {
            case (byte)'\n' when _lineIsEmpty:
                _state = State.StatusLine;
                break;
            case (byte)'\n':
                _lineIsEmpty = true;
                break;
            case (byte)'\r':
                break;
            default:
                _lineIsEmpty = false;
                break;
        }
    }
}

/// <summary>A provider sent more interim answers than an answer may have.</summary>
internal sealed class TooManyInterimAnswersException() : IOException("The provider sent too many interim answers.");
