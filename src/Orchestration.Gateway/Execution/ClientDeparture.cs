namespace Orchestration.Gateway.Execution;

internal static class ClientDeparture
{
    /// <summary>Waits for work that must not be cancelled; false when the client left before it ended.</summary>
    public static async ValueTask<bool> WaitAsync(Task work, CancellationToken clientGone)
    {
        if (work.IsCompleted)
            return true;
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (clientGone.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), left))
            return await Task.WhenAny(work, left.Task) == work;
    }
}
