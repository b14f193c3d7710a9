using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.Providers.Tests.Upstream;

/// <summary>One connection on which a request was read: what the script says to it.</summary>
public sealed class UpstreamExchange(Socket socket, CancellationToken stopping) : IDisposable
{
    private readonly TaskCompletionSource _peerGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked.</summary>
    public RecordedRequest Request { get; set; } = null!;

    /// <summary>Set by a script whose connection takes another request afterwards.</summary>
    public bool StaysOpen { get; set; }

    internal bool Waits { get; set; }

    /// <summary>Cancelled when the test is over.</summary>
    public CancellationToken Stopping => stopping;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stopping)..];
    }

    /// <summary>A whole answer with a length.</summary>
    public Task ReplyAsync(int status, string contentType, string body, params string[] headers) => SendAsync(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n")
        + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n" + body);

    public Task ReplyJsonAsync(string body) => ReplyAsync(200, "application/json", body);

    /// <summary>The head of a stream that ends where the connection does.</summary>
    public Task BeginStreamAsync() => SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");

    public Task SendDataAsync(string data) => SendAsync($"data: {data}\n\n");

    /// <summary>Ends the connection with RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Completes when the other side closed the connection.</summary>
    public async Task PeerLeavesAsync()
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1024], stopping) > 0)
            {
                // Nothing more is expected from a client; only its leaving counts.
            }
        }
        catch (SocketException)
        {
            // Reset: it left as well.
        }

        TellPeerGone();
    }

    /// <summary>Never answers; ends when the other side leaves.</summary>
    public Task HoldAsync() => PeerLeavesAsync();

    public void TellPeerGone() => _peerGone.TrySetResult();

    public void Dispose() => socket.Dispose();
}
