using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Providers.Execution;

/// <summary>Every running execution. They belong to the process, not to the call that asked for them.</summary>
internal sealed partial class ExecutionRegistry(
    IOptions<ShutdownOptions> options,
    TimeProvider time,
    ILogger<ExecutionRegistry> logger) : IHostedLifecycleService, IDisposable
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _shuttingDown = new();
    private readonly Lock _gate = new();
    private bool _draining;

    /// <summary>Cancelled when the grace of a stopping process is over.</summary>
    public CancellationToken ShuttingDown => _shuttingDown.Token;

    public int Count => _running.Count;

    /// <summary>Runs work to its end, whatever becomes of the caller. False once the process is stopping.</summary>
    public bool TryRun(Func<Task> work)
    {
        lock (_gate)
        {
            if (_draining) return false;
            var task = Task.Run(work);
            _running.TryAdd(task, 0);
            task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return true;
        }
    }

    /// <summary>Before any server stops: refuses new work, lets the running work end, then ends it with an error and settles it.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_gate) _draining = true;
        if (_running.IsEmpty) return;
        var settling = Settling(options.Value.Grace);
        var running = options.Value.Grace - settling;
        Log.Draining(logger, _running.Count, running);
        if (await EndedAsync(running, cancellationToken)) return;
        Log.Ending(logger, _running.Count);
        await _shuttingDown.CancelAsync();
        if (!await EndedAsync(settling, CancellationToken.None)) Log.Unsettled(logger, _running.Count);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _shuttingDown.Dispose();

    // The last part of the grace is for telling clients and for the ledger.
    private static TimeSpan Settling(TimeSpan grace) =>
        grace / 4 < TimeSpan.FromSeconds(5) ? grace / 4 : TimeSpan.FromSeconds(5);

    private async Task<bool> EndedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_running.Keys).WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return _running.IsEmpty;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} running requests have {Grace} to end")]
        public static partial void Draining(ILogger logger, int count, TimeSpan grace);

        [LoggerMessage(LogLevel.Warning, "{Count} requests are ended because the process stops")]
        public static partial void Ending(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "{Count} requests could not be settled before the process stops")]
        public static partial void Unsettled(ILogger logger, int count);
    }
}
