using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// Most requests that this process runs at the same time. What is over it waits a moment, and tenants take turns: one that asks for a lot waits
/// behind itself, not before the others. Nobody waits longer than that moment for being told to come back.
/// </summary>
internal sealed class RunningBound(IOptions<LimitOptions> options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<bool>>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = [];
    private int _running;
    private int _waiters;

    /// <summary>True when the request may run, and then <see cref="Leave"/> must follow.</summary>
    public ValueTask<bool> EnterAsync(string tenant)
    {
        lock (_gate)
        {
            if (_running < options.Value.MaxRunningRequests)
            {
                _running++;
                return ValueTask.FromResult(true);
            }

            return Queue(tenant) is { } waiter ? new ValueTask<bool>(WaitAsync(tenant, waiter)) : ValueTask.FromResult(false);
        }
    }

    /// <summary>A request ended: the next tenant has its turn.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            while (_turns.TryDequeue(out var tenant))
            {
                var line = _waiting[tenant];
                if (line.First is not { } first)
                {
                    _waiting.Remove(tenant);
                    continue;
                }

                line.RemoveFirst();
                _waiters--;
                _turns.Enqueue(tenant);
                first.Value.SetResult(true);
                return;
            }

            _running--;
        }
    }

    private TaskCompletionSource<bool>? Queue(string tenant)
    {
        if (!_waiting.TryGetValue(tenant, out var line))
        {
            _waiting[tenant] = line = [];
            _turns.Enqueue(tenant);
        }

        if (_waiters >= options.Value.MaxWaitingRequests && !MakeRoom(line))
            return null;
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        line.AddLast(waiter);
        _waiters++;
        return waiter;
    }

    /// <summary>The last of the longest line gives way to a tenant that has fewer waiting.</summary>
    private bool MakeRoom(LinkedList<TaskCompletionSource<bool>> line)
    {
        var longest = _waiting.Values.MaxBy(other => other.Count)!;
        if (longest.Count <= line.Count + 1)
            return false;
        longest.Last!.Value.SetResult(false);
        longest.RemoveLast();
        _waiters--;
        return true;
    }

    private async Task<bool> WaitAsync(string tenant, TaskCompletionSource<bool> waiter)
    {
        await ((Task)waiter.Task.WaitAsync(options.Value.LongestWait, timeProvider)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (!waiter.Task.IsCompleted && _waiting[tenant].Remove(waiter))
            {
                _waiters--;
                return false;
            }
        }

        return await waiter.Task;
    }
}
