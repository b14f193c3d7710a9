namespace Orchestration.AppHost.Local.Running;

/// <summary>Who waits for whom: the order of starting, and, backwards, of stopping.</summary>
internal sealed class RunGraph
{
    private readonly Dictionary<IResource, ResourceRun> _runs;
    private readonly ResourceRun? _collector;
    private readonly HashSet<ResourceRun> _beforeCollector = [];

    /// <param name="runs">All that have processes.</param>
    /// <param name="collectorName">The one that receives the telemetry of the others.</param>
    public RunGraph(IEnumerable<ResourceRun> runs, string? collectorName)
    {
        _runs = runs.ToDictionary(run => run.Resource);
        foreach (var run in _runs.Values)
            RefuseCircles(run, []);
        foreach (var wait in _runs.Keys.SelectMany(resource => resource.Waits).Where(wait => wait.ExitCode is not null))
        {
            if (Find(wait.For) is { } awaited)
                awaited.RunsToCompletion = true;
        }
        _collector = _runs.Values.FirstOrDefault(run => run.Resource.Name == collectorName);
        if (_collector is not null)
            AddDependencies(_collector, _beforeCollector);
    }

    public IReadOnlyCollection<ResourceRun> Runs => _runs.Values;

    /// <summary>Completes when the dependency is as the wait wants it.</summary>
    public async Task WaitAsync(Wait wait, CancellationToken cancellationToken)
    {
        if (Find(wait.For) is not { } dependency)
            return;
        if (wait.ExitCode is not { } wanted)
        {
            await dependency.Healthy.WaitAsync(cancellationToken);
            return;
        }
        var exitCode = await dependency.Ended.WaitAsync(cancellationToken);
        if (exitCode != wanted)
            throw new InvalidOperationException($"{wait.For.Name} ended with {exitCode} instead of {wanted}.");
    }

    /// <summary>Stops each resource once those that wait for it have stopped.</summary>
    public Task StopAsync(CancellationToken hurry)
    {
        var stopping = new Dictionary<ResourceRun, Task>();
        return Task.WhenAll(_runs.Values.Select(StopOne));

        Task StopOne(ResourceRun run)
        {
            if (!stopping.TryGetValue(run, out var task))
                stopping[run] = task = StopAfterAsync(run, [.. Dependents(run).Select(StopOne)]);
            return task;
        }

        async Task StopAfterAsync(ResourceRun run, Task[] dependents)
        {
            await Task.WhenAll(dependents);
            await run.StopAsync(hurry);
        }
    }

    // A database has no process of its own: whoever waits for it waits for its server.
    private ResourceRun? Find(IResource resource) =>
        _runs.GetValueOrDefault(resource is PostgresDatabaseResource database ? database.Parent : resource);

    private IEnumerable<ResourceRun> Dependents(ResourceRun run) => _runs.Values.Where(other => other != run && IsDependent(other, run));

    // Stores go last, also for those that only refer to them, and the collector just before: what a service has to say while it
    // ends should still arrive.
    private bool IsDependent(ResourceRun other, ResourceRun run) =>
        (run is StoreRun && other is ProjectRun)
        || (run == _collector && other is ProjectRun && !_beforeCollector.Contains(other))
        || other.Resource.Waits.Any(wait => Find(wait.For) == run);

    private void AddDependencies(ResourceRun run, HashSet<ResourceRun> found)
    {
        foreach (var dependency in run.Resource.Waits.Select(wait => Find(wait.For)).OfType<ResourceRun>())
        {
            if (found.Add(dependency))
                AddDependencies(dependency, found);
        }
    }

    private void RefuseCircles(ResourceRun run, HashSet<ResourceRun> path)
    {
        if (!path.Add(run))
            throw new InvalidOperationException($"These wait for each other: {string.Join(", ", path.Select(member => member.Resource.Name))}.");
        foreach (var dependency in run.Resource.Waits.Select(wait => Find(wait.For)).OfType<ResourceRun>())
            RefuseCircles(dependency, path);
        path.Remove(run);
    }
}
