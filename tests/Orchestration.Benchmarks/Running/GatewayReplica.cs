using Orchestration.Testing;

namespace Orchestration.Benchmarks.Running;

/// <summary>Another gateway beside that of a running system: its settings, its stores and its outbox folder, on ports of its own.</summary>
internal sealed class GatewayReplica : IAsyncDisposable
{
    private const string Project = "Orchestration.Gateway";
    private const int KillSignal = 9;
    private const int Terminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly string Logs = Path.Combine(RepositoryRoot.Path, "artifacts");
    private readonly ChildProcess _process;
    private readonly string _folder;

    private GatewayReplica(ChildProcess process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Its public listener.</summary>
    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="system">What runs.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <param name="settings">Settings of its own.</param>
    public static async Task<GatewayReplica> StartAsync(
        SystemUnderTest system, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("orchestration-replica-").FullName;
        var port = Ports.Free();
        var environment = new Dictionary<string, string>(ProcessTable.EnvironmentOf(system.ProcessIds()["gateway"]))
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{port}",
            ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{Ports.Free()}",
            ["Kestrel__Endpoints__admin__Url"] = $"http://127.0.0.1:{Ports.Free()}",
            ["Gateway__DataDirectory"] = folder,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            environment[name] = value;
        var replica = new GatewayReplica(ChildProcess.Start("dotnet", [Build.Program(Project)], Build.Folder(Project), environment, TimeSpan.FromSeconds(15), LogOf(port)), folder, port);
        try
        {
            await Ports.ListeningAsync(port, replica._process, cancellationToken);
            await replica.ReadyAsync(cancellationToken);
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>Number of the slot in the outbox folder that a process holds; its leases and batches bear it.</summary>
    public static int OutboxSlotOf(int processId) => Directory.EnumerateFiles($"/proc/{processId}/fd")
        .Select(file => new FileInfo(file).LinkTarget ?? "")
        .Where(target => target.EndsWith("/lock", StringComparison.Ordinal))
        .Select(target => Path.GetFileName(Path.GetDirectoryName(target)!))
        .Where(folder => folder.StartsWith("slot-", StringComparison.Ordinal))
        .Select(folder => int.Parse(folder["slot-".Length..], System.Globalization.CultureInfo.InvariantCulture))
        .First();

    public void Kill() => ChildProcess.Signal(_process.Id, KillSignal);

    /// <summary>Asks it to end.</summary>
    public void Stop() => ChildProcess.Signal(_process.Id, Terminate);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string LogOf(int port) => Path.Combine(Logs, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"benchmarks-gateway-{port}.log"));

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Address };
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < StartLimit)
        {
            using var response = await client.GetAsync("/health", cancellationToken);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(100, cancellationToken);
        }

        throw new InvalidOperationException($"A further gateway is not ready. Last words:{Environment.NewLine}{_process.LastWords}");
    }
}
