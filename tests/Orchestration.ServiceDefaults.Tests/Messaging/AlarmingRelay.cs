using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.ServiceDefaults.Tests.Messaging;

/// <summary>
/// A wire to a real broker that behaves on demand as the broker does when it is short of memory: it tells the client that its connection is blocked
/// and reads nothing more of it. The real alarm would hold for every test that shares the broker.
/// </summary>
internal sealed class AlarmingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Wire> _wires = [];
    private readonly Uri _broker;
    private readonly Task _accepting;
    private volatile bool _blocked;

    public AlarmingRelay(string broker)
    {
        _broker = new Uri(broker);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The broker's connection string, by way of this wire.</summary>
    public string ConnectionString => new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.AbsoluteUri;

    public async Task BlockAsync(string reason)
    {
        _blocked = true;
        foreach (var wire in _wires)
            await wire.TellClientAsync(Method(60, [(byte)reason.Length, .. Encoding.UTF8.GetBytes(reason)]));
    }

    public async Task UnblockAsync()
    {
        _blocked = false;
        foreach (var wire in _wires)
        {
            await wire.ReleaseAsync();
            await wire.TellClientAsync(Method(61, []));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var wire in _wires)
            wire.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(_broker.Host, _broker.Port);
                var wire = new Wire(this, client, server);
                _wires.Add(wire);
                wire.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    // AMQP 0-9-1: class 10 is "connection", channel 0 its own.
    private static byte[] Method(byte method, byte[] arguments)
    {
        byte[] payload = [0, 10, 0, method, .. arguments];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, payload.Length);
        return [1, 0, 0, .. size, .. payload, 0xCE];
    }

    private sealed class Wire(AlarmingRelay relay, TcpClient client, TcpClient server) : IDisposable
    {
        private const byte Heartbeat = 8;
        private const int ProtocolHeader = 8;
        private readonly SemaphoreSlim _toClient = new(1);
        private readonly SemaphoreSlim _toServer = new(1);
        private readonly List<byte[]> _held = [];

        public void Start()
        {
            _ = PumpAsync(ToServerAsync);
            _ = PumpAsync(ToClientAsync);
        }

        public async Task TellClientAsync(byte[] frame)
        {
            await _toClient.WaitAsync();
            await client.GetStream().WriteAsync(frame);
            _toClient.Release();
        }

        public async Task ReleaseAsync()
        {
            await _toServer.WaitAsync();
            foreach (var frame in _held)
                await server.GetStream().WriteAsync(frame);
            _held.Clear();
            _toServer.Release();
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }

        private async Task ToServerAsync()
        {
            var header = new byte[ProtocolHeader];
            await client.GetStream().ReadExactlyAsync(header);
            await server.GetStream().WriteAsync(header);
            while (true)
            {
                var frame = await ReadFrameAsync(client);
                await _toServer.WaitAsync();
                if (relay._blocked && frame[0] != Heartbeat)
                    _held.Add(frame);
                else
                    await server.GetStream().WriteAsync(frame);
                _toServer.Release();
            }
        }

        private async Task ToClientAsync()
        {
            while (true)
                await TellClientAsync(await ReadFrameAsync(server));
        }

        private async Task PumpAsync(Func<Task> pump)
        {
            try
            {
                await pump();
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                Dispose();
            }
        }

        private static async Task<byte[]> ReadFrameAsync(TcpClient from)
        {
            var beginning = new byte[7];
            await from.GetStream().ReadExactlyAsync(beginning);
            var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(beginning.AsSpan(3)) + 1];
            await from.GetStream().ReadExactlyAsync(rest);
            return [.. beginning, .. rest];
        }
    }
}
