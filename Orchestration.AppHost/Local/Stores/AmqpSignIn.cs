using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>The first three steps of an AMQP 0-9-1 connection: header, Start, StartOk; a broker that knows the user answers Tune.</summary>
internal static class AmqpSignIn
{
    private const byte FrameEnd = 0xCE;

    public static async Task<bool> SucceedsAsync(int port, string userName, string password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(new byte[] { (byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1 }, limit.Token);
            if (await ReadMethodAsync(stream, limit.Token) != (10, 10))
                return false;
            await stream.WriteAsync(StartOk(userName, password), limit.Token);
            return await ReadMethodAsync(stream, limit.Token) == (10, 30);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static async Task<(int Class, int Method)> ReadMethodAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[7];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var payload = new byte[Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(3)), 64 * 1024) + 1];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        return (BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2)));
    }

    private static byte[] StartOk(string userName, string password)
    {
        var response = Encoding.UTF8.GetBytes($"\0{userName}\0{password}");
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)response.Length);
        byte[] payload = [0, 10, 0, 11, 0, 0, 0, 0, 5, .. "PLAIN"u8, .. length, .. response, 5, .. "en_US"u8];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)payload.Length);
        return [1, 0, 0, .. length, .. payload, FrameEnd];
    }
}
