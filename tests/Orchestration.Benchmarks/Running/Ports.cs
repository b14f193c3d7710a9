using System.Net;
using System.Net.Sockets;

namespace Orchestration.Benchmarks.Running;

internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something listens on a port of this machine.</summary>
    public static async Task ListeningAsync(int port, ChildProcess process, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (long)(60 * TimeProvider.System.TimestampFrequency);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited && TimeProvider.System.GetTimestamp() < deadline)
            {
                await Task.Delay(50, cancellationToken);
            }
            catch (SocketException failure)
            {
                throw new InvalidOperationException($"Nothing listens on port {port}. Last words:{Environment.NewLine}{process.LastWords}", failure);
            }
        }
    }
}
