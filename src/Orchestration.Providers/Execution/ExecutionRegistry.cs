using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Providers.Execution;

/// <summary>
/// Every running execution, which belongs to the process and not to the call that asked for it, and every call that tells a client of one.
/// </summary>
internal sealed partial class ExecutionRegistry(
    IOptions<ShutdownOptions> options,
    TimeProvider time,
    ILogger<ExecutionRegistry> logger) : IHostedLifecycleService, IDisposable
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly ConcurrentDictionary<Task, byte> _telling = new();
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

    /// <summary>
    /// Marks a call as one that tells a client, from before its work begins until the result is disposed. Servers close what is left of such a call
    /// soon after <see cref="StoppingAsync"/>, so that waits for it: an execution that has ended is not yet one whose end was told.
    /// </summary>
    public IDisposable Telling() => new Call(_telling);

    /// <summary>Before any server stops: refuses new work, lets the running work end, then ends it with an error, settles and tells it.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_gate) _draining = true;
        if (IsIdle) return;
        var settling = Settling(options.Value.Grace);
        var running = options.Value.Grace - settling;
        Log.Draining(logger, _running.Count, running);
        if (await EndedAsync(running, cancellationToken)) return;
        Log.Ending(logger, _running.Count);
        await _shuttingDown.CancelAsync();
        if (!await EndedAsync(settling, CancellationToken.None)) Log.Unsettled(logger, _running.Count, _telling.Count);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _shuttingDown.Dispose();

    private bool IsIdle => _running.IsEmpty && _telling.IsEmpty;

    // The last part of the grace is for telling clients and for the ledger.
    private static TimeSpan Settling(TimeSpan grace) =>
        grace / 4 < TimeSpan.FromSeconds(5) ? grace / 4 : TimeSpan.FromSeconds(5);

    private async Task<bool> EndedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll([.. _running.Keys, .. _telling.Keys]).WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return IsIdle;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} running requests have {Grace} to end")]
        public static partial void Draining(ILogger logger, int count, TimeSpan grace);

        [LoggerMessage(LogLevel.Warning, "{Count} requests are ended because the process stops")]
        public static partial void Ending(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "{Count} requests could not be settled, and {Calls} calls could not be told how theirs ended, before the process stops")]
        public static partial void Unsettled(ILogger logger, int count, int calls);
    }

    private sealed class Call : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<Task, byte> _calls;

        public Call(ConcurrentDictionary<Task, byte> calls)
        {
            _calls = calls;
            calls.TryAdd(_ended.Task, 0);
        }

        public void Dispose()
        {
            _calls.TryRemove(_ended.Task, out _);
            _ended.TrySetResult();
        }
    }
}
