using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.Providers.Tests.Upstream;

/// <summary>A provider on raw sockets: each path answers by its own script, down to single bytes, FIN and RST.</summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<string, Func<UpstreamExchange, Task>> _scripts = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RecordedRequest>> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;
    private int _busy;

    public ScriptedUpstream(IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were opened so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that are open now, but for those that wait for another request.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Makes a path answer by a script; returns the base address to give to a deployment.</summary>
    public string Script(string name, Func<UpstreamExchange, Task> script)
    {
        _scripts[name] = script;
        return $"http://127.0.0.1:{Port}/{name}/v1";
    }

    public IReadOnlyList<RecordedRequest> Requests(string name) => _requests.TryGetValue(name, out var requests) ? [.. requests] : [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var connection = Interlocked.Increment(ref _connections);
        using var exchange = new UpstreamExchange(socket, _stop.Token);
        Interlocked.Increment(ref _busy);
        try
        {
            do
            {
                exchange.StaysOpen = false;
                if (await ReadRequestAsync(socket) is not { } request) return;
                if (exchange.Waits) Interlocked.Increment(ref _busy);
                exchange.Waits = false;
                var name = request.Path.TrimStart('/').Split('/')[0];
                exchange.Request = request with { Connection = connection };
                _requests.GetOrAdd(name, _ => new ConcurrentQueue<RecordedRequest>()).Enqueue(exchange.Request);
                await _scripts[name](exchange);
                if (!exchange.StaysOpen) continue;
                exchange.Waits = true;
                Interlocked.Decrement(ref _busy);
            }
            while (exchange.StaysOpen);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            exchange.TellPeerGone();
        }
        finally
        {
            if (!exchange.Waits) Interlocked.Decrement(ref _busy);
        }
    }

    private async Task<RecordedRequest?> ReadRequestAsync(Socket socket)
    {
        var received = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0) return null;
            received.AddRange(buffer.AsSpan(0, read));
            var text = Encoding.UTF8.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var lines = text[..end].Split("\r\n");
            var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
            var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), System.Globalization.CultureInfo.InvariantCulture);
            if (Encoding.UTF8.GetByteCount(text[(end + 4)..]) < length) continue;
            var line = lines[0].Split(' ');
            return new RecordedRequest(line[1], headers, text[(end + 4)..]) { Version = line[2] };
        }
    }
}

/// <summary>What a provider was sent.</summary>
public sealed record RecordedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Version of HTTP, as the request line names it.</summary>
    public string Version { get; init; } = "";

    /// <summary>Number of the connection that it came on.</summary>
    public int Connection { get; init; }
}
