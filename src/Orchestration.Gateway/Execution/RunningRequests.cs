using System.Collections.Concurrent;

namespace Orchestration.Gateway.Execution;

/// <summary>Requests whose client may have left but whose end is not yet written. A stop waits for them.</summary>
internal sealed partial class RunningRequests(ILogger<RunningRequests> logger) : IHostedService
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();

    public int Count => _tasks.Count;

    /// <summary>Keeps hold of a request's work until it ends.</summary>
    public void Track(Task work)
    {
        if (work.IsCompleted)
            return;
        _tasks.TryAdd(work, 0);
        _ = ForgetAsync(work);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var running = Task.WhenAll(_tasks.Keys);
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
            Log.Abandoned(logger, _tasks.Count);
    }

    private async Task ForgetAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
        }
        finally
        {
            _tasks.TryRemove(work, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Stopping with {Count} requests unsettled; the ledger recovers them")]
        public static partial void Abandoned(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "The work of a request failed after its client was served")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
