using System.Threading.Channels;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>What happened to keys in this replica, for whoever stores and tells it.</summary>
internal sealed class KeyChanges
{
    private readonly Channel<KeyChange> _changes = Channel.CreateBounded<KeyChange>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<KeyChange> Reader => _changes.Reader;

    /// <summary>Raised with every change, also with those that came from the database.</summary>
    public ChangeSignal Signal { get; } = new();

    public void Add(KeyChange change)
    {
        _changes.Writer.TryWrite(change);
        Signal.Raise();
    }
}

/// <summary>A key that changed.</summary>
/// <param name="Key">The key as it is now.</param>
/// <param name="StateChanged">False when only its balance crossed the warning level.</param>
internal sealed record KeyChange(KeyFacts Key, bool StateChanged);

/// <summary>Wakes everybody who waits. Take <see cref="Next"/> before reading the state that it is about, and no change is missed.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = NewSource();

    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
