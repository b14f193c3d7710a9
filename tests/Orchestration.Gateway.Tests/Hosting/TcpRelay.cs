using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>A wire to a server that can be cut.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly Uri _target;
    private readonly Task _accepting;

    public TcpRelay(Uri target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public async Task CutAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections)
            connection.Dispose();
    }

    /// <summary>Ends what is connected; new connections go through.</summary>
    public void Drop()
    {
        while (_connections.TryTake(out var connection))
            connection.Dispose();
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(_target.Host, _target.Port);
                _connections.Add(client);
                _connections.Add(server);
                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
            return;
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            to.Dispose();
        }
    }
}
