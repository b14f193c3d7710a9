using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.Providers.Tests.Upstream;

/// <summary>A provider on raw sockets: each path answers by its own script, down to single bytes, FIN and RST.</summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, Func<UpstreamExchange, Task>> _scripts = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RecordedRequest>> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public ScriptedUpstream()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

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
        using var exchange = new UpstreamExchange(socket, _stop.Token);
        try
        {
            if (await ReadRequestAsync(socket) is not { } request) return;
            var name = request.Path.TrimStart('/').Split('/')[0];
            _requests.GetOrAdd(name, _ => new ConcurrentQueue<RecordedRequest>()).Enqueue(request);
            exchange.Request = request;
            await _scripts[name](exchange);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            exchange.TellPeerGone();
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
            return new RecordedRequest(lines[0].Split(' ')[1], headers, text[(end + 4)..]);
        }
    }
}

/// <summary>What a provider was sent.</summary>
public sealed record RecordedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
