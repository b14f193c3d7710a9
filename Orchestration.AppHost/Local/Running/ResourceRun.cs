using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Running;

/// <summary>One resource from its first wait to its end.</summary>
internal abstract class ResourceRun(IResource resource, SystemContext context)
{
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LifeLock> _lives = [];
    private readonly Lock _gate = new();
    private readonly List<Task<bool>> _restarts = [];
    private IReadOnlyList<GuardedProcess> _processes = [];
    private long _began;
    private int _quickEnds;
    private CancellationToken _running;

    public IResource Resource { get; } = resource;

    public ResourceState State { get; private set; }

    /// <summary>Raised when a process that ended by itself has another in its place.</summary>
    public event Action? Relaunched;

    /// <summary>Why the state is what it is, when there is more to say.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How long it took from the start of the process to healthy, or to the end.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>Completes when others may rely on this resource; fails when they never can.</summary>
    public Task Healthy => _healthy.Task;

    /// <summary>The exit code of the last process to end; 0 when none was ever started.</summary>
    public Task<int> Ended => _ended.Task;

    public IReadOnlyList<int> ProcessIds => [.. _processes.Where(process => !process.Completion.IsCompleted).Select(process => process.Id)];

    protected SystemContext Context { get; } = context;

    /// <summary>Whether its end, with exit code 0, is what is wanted of it.</summary>
    public bool RunsToCompletion { get; set; }

    /// <summary>Takes the locks that the processes will live under, once those of an earlier run are gone.</summary>
    public async Task PrepareAsync(int count, CancellationToken cancellationToken)
    {
        for (var replica = 0; replica < count; replica++)
            _lives.Add(await Context.Folder.TakeLifeAsync(count == 1 ? Resource.Name : $"{Resource.Name}-{replica}", Context.Console, cancellationToken));
    }

    public async Task StartAsync(Func<Wait, CancellationToken, Task> waitAsync, CancellationToken cancellationToken)
    {
        try
        {
            if (Resource.Waits.Count > 0)
                Become(ResourceState.Waiting, "for " + string.Join(", ", Resource.Waits.Select(wait => wait.For.Name).Distinct()));
            await Task.WhenAll(Resource.Waits.Select(wait => waitAsync(wait, cancellationToken)));
            cancellationToken.ThrowIfCancellationRequested();
            Become(ResourceState.Starting);
            _began = TimeProvider.System.GetTimestamp();
            _running = cancellationToken;
            for (var replica = 0; replica < _lives.Count; replica++)
                Launch(await CommandAsync(replica, cancellationToken), replica);
            if (!RunsToCompletion)
                await BecomeHealthyAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _healthy.TrySetCanceled(cancellationToken);
            if (_processes.Count == 0)
                _ended.TrySetResult(0);
        }
        catch (Exception failure)
        {
            Fail(failure.Message);
        }
    }

    /// <summary>Watches a healthy resource until the system stops.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        await Healthy;
        var failures = 0;
        while (!_ended.Task.IsCompleted)
        {
            await Task.Delay(failures == 0 ? HealthPoll.WhileHealthy : HealthPoll.AfterFailures(failures), cancellationToken);
            var problem = await ProbeAsync(cancellationToken);
            if (_ended.Task.IsCompleted || cancellationToken.IsCancellationRequested)
                return;
            if (problem is not null && failures++ == 0)
                Become(ResourceState.RuntimeUnhealthy, problem);
            else if (problem is null && failures > 0)
                Become(ResourceState.Running, "healthy again");
            if (problem is null)
                failures = 0;
        }
    }

    public async Task StopAsync(CancellationToken hurry)
    {
        // What is being started again at this moment must be among those that are stopped.
        List<Task<bool>> restarts;
        lock (_gate)
            restarts = [.. _restarts];
        await Task.WhenAll(restarts);
        if (_processes.Count > 0 && !_ended.Task.IsCompleted)
        {
            Become(ResourceState.Stopping);
            await using var registration = hurry.Register(Kill);
            await Task.WhenAll(_processes.Select(process => process.StopAsync(SystemContext.Grace)));
            await _ended.Task;
        }
        _ended.TrySetResult(0);
        foreach (var life in _lives)
            life.Dispose();
    }

    /// <summary>What to run for a replica; asked again when it is started again.</summary>
    protected abstract Task<GuardedCommand> CommandAsync(int replica, CancellationToken cancellationToken);

    /// <returns>What is wrong, or null.</returns>
    protected abstract Task<string?> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Whether a line of output belongs on the console.</summary>
    protected virtual bool IsNews(string line) => true;

    /// <summary>What remains to be done between the first good answer and being relied on.</summary>
    protected virtual Task OnAnsweringAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected void Become(ResourceState state, string reason = "")
    {
        lock (_gate)
        {
            if (State is ResourceState.Finished or ResourceState.Exited or ResourceState.FailedToStart)
                return;
            State = state;
            Reason = reason;
        }
        if (state is ResourceState.RuntimeUnhealthy or ResourceState.Exited or ResourceState.FailedToStart)
            Context.Console.Error($"{Resource.Name}: {state}{(reason.Length > 0 ? " " + reason : "")}");
        else if (state is not ResourceState.Waiting)
            Context.Console.Host($"{Resource.Name}: {state}{(reason.Length > 0 ? " " + reason : "")}");
    }

    private void Launch(GuardedCommand command, int replica)
    {
        var process = GuardedProcess.Start(command, _lives[replica], OnLine);
        _processes = [.. _processes.Where(other => !other.Completion.IsCompleted), process];
        _ = ObserveAsync(process, replica, TimeProvider.System.GetTimestamp());
    }

    private void OnLine(string line)
    {
        if (IsNews(line))
            Context.Console.Resource(Resource.Name, line);
    }

    private async Task BecomeHealthyAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            if (_ended.Task.IsCompleted)
                return;
            if (await ProbeAsync(cancellationToken) is not { } problem)
                break;
            Reason = problem;
            await Task.Delay(HealthPoll.WhileStarting(failures), cancellationToken);
        }
        await OnAnsweringAsync(cancellationToken);
        Took = TimeProvider.System.GetElapsedTime(_began);
        Become(ResourceState.Running, $"after {Took.Value.TotalSeconds:0.0} s");
        _healthy.TrySetResult();
    }

    private async Task ObserveAsync(GuardedProcess process, int replica, long started)
    {
        var exitCode = await process.Completion;
        // What the process has left behind in its group ends with this lock.
        _lives[replica].Dispose();
        if (await RestartIfWantedAsync(replica, exitCode, TimeProvider.System.GetElapsedTime(started)))
            return;
        if (_processes.Any(other => !other.Completion.IsCompleted))
            return;
        var wanted = State == ResourceState.Stopping || (RunsToCompletion && exitCode == 0);
        Took ??= TimeProvider.System.GetElapsedTime(_began);
        var how = exitCode switch
        {
            0 => "",
            128 + UnixSignals.Kill when State == ResourceState.Stopping => "only when killed",
            _ => $"with exit code {exitCode}",
        };
        Become(wanted ? ResourceState.Finished : ResourceState.Exited, how);
        _ended.TrySetResult(exitCode);
        if (RunsToCompletion && exitCode == 0)
            _healthy.TrySetResult();
        else
            _healthy.TrySetException(new InvalidOperationException($"{Resource.Name} ended with exit code {exitCode}."));
    }

    private Task<bool> RestartIfWantedAsync(int replica, int exitCode, TimeSpan lived)
    {
        lock (_gate)
        {
            if (!Context.Settings.RestartCrashed || RunsToCompletion || !Healthy.IsCompletedSuccessfully || _running.IsCancellationRequested)
                return Task.FromResult(false);
            var restart = RestartAsync(replica, exitCode, lived);
            _restarts.RemoveAll(done => done.IsCompleted);
            _restarts.Add(restart);
            return restart;
        }
    }

    /// <returns>False when the system stops.</returns>
    private async Task<bool> RestartAsync(int replica, int exitCode, TimeSpan lived)
    {
        await Task.Yield();
        _quickEnds = lived < CrashRestart.Settled ? _quickEnds + 1 : 0;
        try
        {
            Become(ResourceState.RuntimeUnhealthy, $"ended with exit code {exitCode} and is started again");
            await Task.Delay(CrashRestart.PauseAfter(_quickEnds), _running);
            await LaunchAgainAsync(replica);
        }
        catch (OperationCanceledException) when (_running.IsCancellationRequested)
        {
            return false;
        }
        catch (InvalidOperationException failure)
        {
            Become(ResourceState.RuntimeUnhealthy, failure.Message);
            return false;
        }
        _ = WatchRestartAsync();
        return true;
    }

    private async Task LaunchAgainAsync(int replica)
    {
        // Taken once the rest of the dead process's group is gone.
        _lives[replica] = await Context.Folder.TakeLifeAsync(LifeName(replica), Context.Console, _running);
        var command = await CommandAsync(replica, _running);
        _running.ThrowIfCancellationRequested();
        Launch(command, replica);
        Relaunched?.Invoke();
    }

    private async Task WatchRestartAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            for (var failures = 0; await ProbeAsync(_running) is not null; failures++)
                await Task.Delay(HealthPoll.WhileStarting(failures), _running);
            Become(ResourceState.Running, $"again after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
        }
        catch (OperationCanceledException) when (_running.IsCancellationRequested)
        {
            // Stopping says what there is to say.
        }
    }

    private string LifeName(int replica) => _lives.Count <= 1 ? Resource.Name : $"{Resource.Name}-{replica}";

    private void Fail(string reason)
    {
        Become(ResourceState.FailedToStart, reason);
        _healthy.TrySetException(new InvalidOperationException(reason));
        if (_processes.Count == 0)
            _ended.TrySetResult(1);
    }

    private void Kill()
    {
        foreach (var process in _processes)
            process.Kill();
    }
}
