namespace Orchestration.Providers.Egress;

/// <summary>Where a body goes whose connection must not be used again: nothing is ever written.</summary>
/// <remarks>
/// The client keeps a connection whose body it believes to know the end of, and has no call to close one. It does close the one that a
/// cancelled copy was reading from.
/// </remarks>
internal sealed class AbandonedBody : Stream
{
    private AbandonedBody()
    {
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Closes the connection that a response's body comes from.</summary>
    public static async Task CloseConnectionAsync(Stream body)
    {
        using var stop = new CancellationTokenSource();
        await using var nowhere = new AbandonedBody();
        var copy = body.CopyToAsync(nowhere, stop.Token);
        await stop.CancelAsync();
        await copy.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
