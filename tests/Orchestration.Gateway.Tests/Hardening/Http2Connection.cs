using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>A client that speaks HTTP/2 as it likes, from its first word.</summary>
internal sealed class Http2Connection : IDisposable
{
    // The first entries of the static table that are statuses.
    private static readonly int[] IndexedStatuses = [200, 204, 206, 304, 400, 404, 500];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _kept;

    public static async Task<Http2Connection> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        var connection = new Http2Connection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await connection.SendAsync(Http2Frames.Opening, cancellationToken);
        return connection;
    }

    /// <summary>Sends bytes; false once the server hears nothing any more.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads frames until one is what is looked for; null when the server ended the connection.</summary>
    public async Task<Http2Frame?> ReadUntilAsync(Func<Http2Frame, bool> isIt, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (Take() is { } frame)
            {
                if (isIt(frame))
                    return frame;
            }

            try
            {
                if (await _socket.ReceiveAsync(_buffer.AsMemory(_kept), cancellationToken) is var read and > 0)
                    _kept += read;
                else
                    return null;
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    /// <summary>Status of an answer; 0 when it is not one of the usual seven.</summary>
    public static int StatusOf(Http2Frame headers) => headers.Payload[0] is >= 0x88 and <= 0x8e ? IndexedStatuses[headers.Payload[0] - 0x88] : 0;

    public void Dispose() => _socket.Dispose();

    private Http2Frame? Take()
    {
        if (_kept < Http2Frames.HeadLength)
            return null;
        var length = (_buffer[0] << 16) | (_buffer[1] << 8) | _buffer[2];
        var whole = Http2Frames.HeadLength + length;
        if (_kept < whole)
            return null;
        var frame = new Http2Frame(_buffer[3], BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(5)), _buffer.AsSpan(Http2Frames.HeadLength, length).ToArray());
        _buffer.AsSpan(whole, _kept - whole).CopyTo(_buffer);
        _kept -= whole;
        return frame;
    }
}

/// <param name="Type">What it is.</param>
/// <param name="Stream">Stream; 0 is the connection.</param>
/// <param name="Payload">What it says.</param>
internal sealed record Http2Frame(byte Type, int Stream, byte[] Payload);
