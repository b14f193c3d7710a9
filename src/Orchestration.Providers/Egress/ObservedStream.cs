namespace Orchestration.Providers.Egress;

/// <summary>A provider's body: tells when a read waits, and ends a body that grows past its limit.</summary>
internal sealed class ObservedStream(Stream inner, Action readBegins, Action<int> readEnds, long maxBytes) : Stream
{
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
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
