namespace Orchestration.Routing.Serving;

/// <summary>Wakes everybody who waits. Take <see cref="Next"/> before reading the state that it is about, and no change is missed.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = NewSource();

    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
