using System.Threading.Channels;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Providers.Execution;

/// <summary>
/// The events of one execution on their way to the gateway. One reader; writers are the attempts of one request. A writer waits while more than a
/// bounded number of bytes is unread; once nobody reads, content is thrown away and no writer waits.
/// </summary>
internal sealed class EventPipe(int capacityBytes)
{
    private readonly Channel<ChatEvent> _channel =
        Channel.CreateUnbounded<ChatEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = false });

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _unread;
    private volatile bool _abandoned;

    /// <summary>Writes content; waits for room while a reader is there.</summary>
    public ValueTask WriteAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        if (_abandoned) return ValueTask.CompletedTask;
        Write(chatEvent);
        return Interlocked.Read(ref _unread) <= capacityBytes ? ValueTask.CompletedTask : new ValueTask(WaitForRoomAsync(cancellationToken));
    }

    /// <summary>Writes one of the few events that tell how the request goes; never waits, also when nobody wants content.</summary>
    public void Write(ChatEvent chatEvent)
    {
        Interlocked.Add(ref _unread, Weigh(chatEvent));
        _channel.Writer.TryWrite(chatEvent);
    }

    /// <summary>No more events come.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>Nobody reads the text any more.</summary>
    public void Abandon()
    {
        _abandoned = true;
        ReleaseWriter();
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out ChatEvent chatEvent)
    {
        if (!_channel.Reader.TryRead(out chatEvent!)) return false;
        // Half a buffer of room at once, so that writer and reader do not wake each other for every event.
        if (Interlocked.Add(ref _unread, -Weigh(chatEvent)) <= capacityBytes / 2) ReleaseWriter();
        return true;
    }

    /// <summary>True when another event is there already.</summary>
    public bool HasMore => _channel.Reader.TryPeek(out _);

    private Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_abandoned || Interlocked.Read(ref _unread) <= capacityBytes / 2) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    private void ReleaseWriter()
    {
        TaskCompletionSource? room;
        lock (_gate) (room, _room) = (_room, null);
        room?.TrySetResult();
    }

    // Near enough to the bytes that an event holds; measuring it exactly would cost as much as writing it.
    private static int Weigh(ChatEvent chatEvent) =>
        chatEvent.PartDelta is { } delta ? 96 + delta.Text.Length * 2 + delta.LogProbabilities.Length * 2 + delta.Extensions.Length * 2 : 256;
}
