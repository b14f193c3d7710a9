using Orchestration.AppHost.Local.Stores;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The whole system from the first check to the last process.</summary>
internal sealed class SystemRun(IReadOnlyList<IResource> resources, LocalSettings settings, ConsoleLog console)
{
    private const int Failure = 1;
    private static readonly TimeSpan Consequences = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _endpoints = new();
    private bool _stops;

    /// <returns>The exit code of the host.</returns>
    public async Task<int> RunAsync(StopRequest stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            using var folder = DataFolder.TryOpen(settings.DataDirectory, console);
            return folder is null ? Failure : await RunAsync(folder, stop, began);
        }
        catch (OperationCanceledException) when (stop.Stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (InvalidOperationException failure)
        {
            console.Error(failure.Message);
            return Failure;
        }
    }

    private async Task<int> RunAsync(DataFolder folder, StopRequest stop, long began)
    {
        PortPlan.Allocate(resources, settings.RandomPorts);
        using var health = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stop.Stop);
        var starting = Task.CompletedTask;
        var graph = new RunGraph(CreateRuns(new SystemContext(settings, console, folder, Collector()), health), settings.Collector);
        try
        {
            foreach (var run in graph.Runs)
                await run.PrepareAsync(run.Resource is ProjectResource project ? project.Replicas : 1, stop.Stop);
            if (PortPlan.FindTaken(resources) is { Count: > 0 } taken)
            {
                foreach (var problem in taken)
                    console.Error(problem);
                console.Error("Nothing was started. Free the port, or start with Orchestration__RandomPorts=true.");
                return Failure;
            }
            await InstallAsync(stop.Stop);
            starting = Task.WhenAll(graph.Runs.Select(run => run.StartAsync(graph.WaitAsync, running.Token)));
            return await WatchAsync(graph, starting, stop, began);
        }
        finally
        {
            // Nothing may be started once stopping has begun.
            await running.CancelAsync();
            await starting;
            RemoveEndpoints();
            await graph.StopAsync(stop.Hurry);
            console.Host("Everything is stopped.");
        }
    }

    private async Task<int> WatchAsync(RunGraph graph, Task starting, StopRequest stop, long began)
    {
        if (!await ReportUntilHealthyAsync(graph, stop.Stop))
        {
            // Those that waited for what failed should be heard as well.
            await Task.WhenAny(starting, Task.Delay(Consequences, stop.Stop));
            console.Plain(StateTable.Render(graph.Runs));
            console.Error("The system did not start; see above for the reason.");
            return Failure;
        }
        foreach (var run in graph.Runs)
            run.Relaunched += () => WriteEndpoints(graph);
        WriteEndpoints(graph);
        console.Plain(StateTable.Render(graph.Runs));
        console.Plain(StartedMessage.Render(resources, settings, console, TimeProvider.System.GetElapsedTime(began)));
        try
        {
            await Task.WhenAll(graph.Runs.Where(run => !run.RunsToCompletion).Select(run => run.WatchAsync(stop.Stop)));
            await Task.Delay(Timeout.Infinite, stop.Stop);
        }
        catch (OperationCanceledException) when (stop.Stop.IsCancellationRequested)
        {
            // The one way out.
        }
        return 0;
    }

    // Processes are started again at any time, also while the system stops.
    private void WriteEndpoints(RunGraph graph)
    {
        lock (_endpoints)
        {
            try
            {
                if (!_stops)
                    EndpointsFile.Write(resources, graph, settings);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                console.Error($"endpoints.json could not be written: {failure.Message}");
            }
        }
    }

    private void RemoveEndpoints()
    {
        lock (_endpoints)
        {
            _stops = true;
            EndpointsFile.Remove(settings.DataDirectory);
        }
    }

    /// <summary>Says from time to time what is still awaited.</summary>
    /// <returns>False when something failed.</returns>
    private async Task<bool> ReportUntilHealthyAsync(RunGraph graph, CancellationToken stop)
    {
        var pending = graph.Runs.ToDictionary(run => run.Healthy);
        while (pending.Count > 0)
        {
            var report = Task.Delay(ReportInterval, stop);
            var first = await Task.WhenAny(pending.Keys.Append(report));
            stop.ThrowIfCancellationRequested();
            if (first == report)
                console.Host("Still waiting: " + string.Join("; ", pending.Values.Select(run => $"{run.Resource.Name} {run.State} {run.Reason}".TrimEnd())));
            else if (first.IsCompletedSuccessfully)
                pending.Remove(first);
            else
                return false;
        }
        return true;
    }

    private IEnumerable<ResourceRun> CreateRuns(SystemContext context, HttpClient health) => resources
        .Select(resource => resource switch
        {
            ProjectResource project => (ResourceRun)new ProjectRun(project, context, health),
            StoreResource store => new StoreRun(store, context),
            _ => null,
        })
        .OfType<ResourceRun>();

    private Endpoint? Collector() => resources.OfType<ProjectResource>()
        .FirstOrDefault(project => project.Name == settings.Collector)?.Endpoints.FirstOrDefault(endpoint => endpoint.Name == "grpc");

    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        var stores = resources.OfType<StoreResource>().Select(store => store.InstallationName).Distinct().ToList();
        if (stores.Count > 0)
            await StoreInstallation.EnsureAsync(stores, console.Host, cancellationToken);
    }
}
