using System.Net;
using System.Net.Sockets;

namespace Orchestration.Benchmarks.Running;

/// <summary>Listens where nobody may connect, and counts who does.</summary>
internal sealed class Canary : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private int _connections;

    public Canary()
    {
        _listener.Start(512);
        _counting = CountAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task CountAsync()
    {
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
        }
    }
}
