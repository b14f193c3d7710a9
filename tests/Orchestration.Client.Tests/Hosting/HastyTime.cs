using System.Collections.Concurrent;

namespace Orchestration.Client.Tests.Hosting;

/// <summary>A clock whose waits are over at once, and written down.</summary>
internal sealed class HastyTime : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
