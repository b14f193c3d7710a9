using System.Net;
using System.Net.Sockets;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>An address on this machine that answers nothing at all, or refuses.</summary>
internal sealed class SilentSockets : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fill = [];

    private SilentSockets() => _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Url => $"http://127.0.0.1:{Port}/v1";

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>A port that is taken, so that nobody else gets it, and that nobody listens on.</summary>
    public static SilentSockets Closed() => new();

    /// <summary>A listener whose queue is full: the kernel drops whatever else knocks.</summary>
    public static SilentSockets BlackHole()
    {
        var hole = new SilentSockets();
        hole._listener.Listen(0);
        for (var i = 0; i < 16; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            hole._fill.Add(socket);
            try
            {
                socket.Connect(IPAddress.Loopback, hole.Port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It connects by itself, or waits as everybody after it will.
            }
        }

        return hole;
    }

    public void Dispose()
    {
        foreach (var socket in _fill) socket.Dispose();
        _listener.Dispose();
    }
}
