using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Gateway.Execution;

/// <summary>
/// Requests whose client may have left but whose end is not yet written. A stop waits for them before any server stops: once
/// Kestrel waits for its own connections, the time of the stop is used up.
/// </summary>
internal sealed partial class RunningRequests(
    IOptions<ShutdownOptions> options,
    TimeProvider timeProvider,
    ILogger<RunningRequests> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Task, byte> _tasks = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _abandoned = new(Timeout.InfiniteTimeSpan, timeProvider);
    private volatile bool _stopping;

    public int Count => _tasks.Count;

    /// <summary>True from the moment at which no new request is taken.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Cancelled when running requests are to end themselves and be settled.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Cancelled when nothing but the writing of their end is left to requests.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Keeps hold of a request's work until it ends.</summary>
    public void Track(Task work)
    {
        if (work.IsCompleted)
            return;
        _tasks.TryAdd(work, 0);
        _ = ForgetAsync(work);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var grace = options.Value.Grace;
        var settling = grace / 4 < LongestSettling ? grace / 4 : LongestSettling;
        if (!_tasks.IsEmpty)
            Log.Draining(logger, _tasks.Count, grace - settling);
        if (!await EndedAsync(grace - settling, cancellationToken))
            Log.Ending(logger, _tasks.Count);
        // Also when none is left: a request that was being admitted just now ends as soon as it begins.
        _abandoned.CancelAfter(settling / 2);
        await _ending.CancelAsync();
        if (!await EndedAsync(settling, CancellationToken.None))
            Log.Unsettled(logger, _tasks.Count);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_tasks.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _ending.Dispose();
        _abandoned.Dispose();
    }

    private async Task<bool> EndedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_tasks.Keys).WaitAsync(patience, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _tasks.Keys.All(task => task.IsCompleted);
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
        [LoggerMessage(LogLevel.Information, "{Count} running requests have {Grace} to end")]
        public static partial void Draining(ILogger logger, int count, TimeSpan grace);

        [LoggerMessage(LogLevel.Warning, "{Count} requests are ended because the gateway stops")]
        public static partial void Ending(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "{Count} requests could not be settled before the gateway stops; they stay open in the ledger")]
        public static partial void Unsettled(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "The work of a request failed after its client was served")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
