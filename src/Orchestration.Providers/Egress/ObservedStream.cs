namespace Orchestration.Providers.Egress;

/// <summary>A provider's body: tells when a read waits, ends a body that grows past its limit, and ends where its reader wants no more.</summary>
internal sealed class ObservedStream(Stream inner, Action readBegins, Action<int> readEnds, long maxBytes) : Stream
{
    private long _bytes;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    /// <summary>Nothing more is read: the body ends with what was read so far.</summary>
    public void End() => _ended = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended) return 0;
        readBegins();
        var read = 0;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
            _bytes += read;
            return _bytes <= maxBytes ? read : throw new InvalidDataException("The body is larger than an answer may be.");
        }
        finally
        {
            readEnds(read);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
