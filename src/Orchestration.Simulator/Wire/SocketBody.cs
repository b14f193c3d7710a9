using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Orchestration.Simulator.Journal;

namespace Orchestration.Simulator.Wire;

/// <summary>An answer written to the connection's socket past the server, so that it can end at any byte, in any way.</summary>
internal sealed class SocketBody(HttpContext context, JournalEntry entry, SocketPlan plan, string contentType) : ResponseBody(entry)
{
    private static readonly TimeSpan ClientClose = TimeSpan.FromSeconds(2);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Socket _socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
    private bool _started;
    private bool _ended;

    public override void Advance(int count)
    {
        _buffer.Advance(count);
        Pending += count;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        await StartAsync(cancellationToken);
        var left = (plan.Limit ?? long.MaxValue) - Entry.BytesSent;
        var now = (int)Math.Min(left, _buffer.WrittenCount);
        await SendBodyAsync(_buffer.WrittenMemory[..now], cancellationToken);
        _buffer.ResetWrittenCount();
        Pending = 0;
        if (now < left)
            return true;
        await EndAsync(cancellationToken);
        return false;
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!await FlushAsync(cancellationToken))
            return;
        if (plan.Limit is not null)
        {
            await EndAsync(cancellationToken);
            return;
        }
        if (plan.Chunked)
            await SendAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
        await CloseAsync();
    }

    /// <summary>Sends what is pending and ends the connection as planned, in the middle of the body.</summary>
    public async ValueTask BreakAsync(CancellationToken cancellationToken)
    {
        if (await FlushAsync(cancellationToken))
            await EndAsync(cancellationToken);
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_started)
            return;
        _started = true;
        _socket.NoDelay = true;
        var headers = string.Concat(plan.Headers.Select(header => $"{header.Key}: {header.Value}\r\n"));
        var head = $"HTTP/1.1 {plan.Status} {ReasonPhrases.GetReasonPhrase(plan.Status)}\r\nContent-Type: {contentType}\r\nCache-Control: no-cache\r\n{WireHeaders.Simulated}: true\r\n{headers}"
            + (plan.Chunked ? "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" : "Connection: close\r\n\r\n");
        await SendAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
    }

    private async ValueTask SendBodyAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        while (!body.IsEmpty)
        {
            var part = body[..Math.Min(NextPiece(), body.Length)];
            if (plan.Pause > TimeSpan.Zero && Entry.BytesSent > 0)
                await Task.Delay(plan.Pause, cancellationToken);
            await SendAsync(plan.Chunked ? Framed(part.Span) : part, cancellationToken);
            Entry.BytesSent += part.Length;
            body = body[part.Length..];
        }
    }

    private int NextPiece()
    {
        foreach (var offset in plan.Offsets)
        {
            if (offset > Entry.BytesSent)
                return (int)(offset - Entry.BytesSent);
        }
        return plan.Piece;
    }

    private static byte[] Framed(ReadOnlySpan<byte> part) =>
        [.. Encoding.ASCII.GetBytes(part.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. part, .. "\r\n"u8];

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _ended = true;
        Entry.Outcome = JournalOutcome.Cut;
        if (plan.Ending == SocketEnding.Reset)
        {
            // Close with a zero timeout makes the kernel send RST in place of FIN.
            _socket.Close(0);
            context.Abort();
            return;
        }
        if (plan.Ending == SocketEnding.Hold)
            await Task.Delay(plan.Hold, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        _ended = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            context.Abort();
            return;
        }
        // The server aborts with RST, which must not overtake the FIN: the client closes first.
        await Task.Delay(ClientClose, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }
}
