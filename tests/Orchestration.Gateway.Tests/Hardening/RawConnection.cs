using System.Net;
using System.Net.Sockets;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>A client that says what it likes.</summary>
internal static class RawConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends bytes and reads until the server ends the connection.</summary>
    /// <param name="server">Where.</param>
    /// <param name="words">What.</param>
    /// <param name="ends">Ends its own side after them: whatever is asked for then may be left unanswered.</param>
    /// <param name="cancellationToken">Ends the talk.</param>
    public static async Task<byte[]> SayAsync(Uri server, byte[] words, bool ends, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        // Reset at the end: twenty thousand ports that wait would leave none.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, patience.Token);
        using var heard = new MemoryStream();
        try
        {
            for (var sent = 0; sent < words.Length;)
                sent += await socket.SendAsync(words.AsMemory(sent), patience.Token);
            if (ends)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has heard enough; what it said may still be read.
        }

        var buffer = new byte[8_192];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, patience.Token)) > 0;)
                heard.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // It hung up on bytes that it did not read.
        }

        return heard.ToArray();
    }
}
