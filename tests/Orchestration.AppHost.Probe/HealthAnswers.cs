using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.AppHost.Probe;

/// <summary>Answers every HTTP request on the assigned address, unhealthy as often as told, then healthy.</summary>
internal static class HealthAnswers
{
    private static int _unhealthyLeft = ProbeSettings.UnhealthyAnswers;

    public static TcpListener? Start()
    {
        var address = Environment.GetEnvironmentVariable("Kestrel__Endpoints__http__Url") ?? Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0];
        if (address is null)
            return null;
        var listener = new TcpListener(IPAddress.Loopback, new Uri(address).Port);
        listener.Start();
        _ = AcceptAsync(listener);
        return listener;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var request = new byte[4096];
            if (await stream.ReadAsync(request) == 0)
                continue;
            var healthy = Interlocked.Decrement(ref _unhealthyLeft) < 0;
            Journal.Append(healthy ? "healthy" : "unhealthy");
            var status = healthy ? "200 OK" : "503 Service Unavailable";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }
}
