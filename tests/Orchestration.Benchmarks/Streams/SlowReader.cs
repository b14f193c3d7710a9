using System.Net.Sockets;
using System.Text;

namespace Orchestration.Benchmarks.Streams;

/// <summary>A client that asks for a stream over a connection of its own and then reads one byte a second.</summary>
internal sealed class SlowReader(Uri gateway, string key, byte[] body) : IDisposable
{
    private const int ReceiveBuffer = 4_096;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBuffer, NoDelay = true };

    /// <summary>True once it has read something of the answer.</summary>
    public bool IsServed { get; private set; }

    /// <summary>True once the gateway has ended the connection.</summary>
    public bool IsCut { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await _socket.ConnectAsync(gateway.Host, gateway.Port, stop);
            var head = FormattableString.Invariant(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
            await _socket.SendAsync(Encoding.ASCII.GetBytes(head), stop);
            await _socket.SendAsync(body, stop);
            var one = new byte[1];
            while (await _socket.ReceiveAsync(one, stop) > 0)
            {
                IsServed = true;
                await Task.Delay(Pause, TimeProvider.System, stop);
            }

            IsCut = true;
        }
        catch (SocketException)
        {
            IsCut = true;
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    public void Dispose() => _socket.Dispose();
}
