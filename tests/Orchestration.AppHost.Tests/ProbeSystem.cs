using System.Text.Json;
using Orchestration.AppHost.Local.Running;

namespace Orchestration.AppHost.Tests;

/// <summary>A system of probes on the local host, in this process, with a data folder of its own.</summary>
internal sealed class ProbeSystem : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SynchronizedWriter _output = new();
    private Task<int>? _run;

    public ProbeSystem(params string[] args)
    {
        Folder = Directory.CreateTempSubdirectory("orchestration-apphost-tests-").FullName;
        Data = Path.Combine(Folder, "data");
        string[] settings = [$"--Orchestration:DataDirectory={Data}", "--Orchestration:RandomPorts=true", .. args];
        Builder = DistributedApplication.CreateBuilder(settings);
    }

    public string Folder { get; }

    public string Data { get; }

    public IDistributedApplicationBuilder Builder { get; }

    public string Output => _output.ToString();

    public IReadOnlyList<string> Journal =>
        File.Exists(Path.Combine(Folder, "journal")) ? File.ReadAllLines(Path.Combine(Folder, "journal")) : [];

    public IResourceBuilder<ProjectResource> AddProbe(string name) =>
        Builder.AddProject<Projects.Orchestration_AppHost_Probe>(name).WithEnvironment("Probe__Folder", Folder)
            .WithHttpHealthCheck("/health", endpointName: "http");

    public IResourceBuilder<ProjectResource> AddRun(string name, int exitCode) =>
        Builder.AddProject<Projects.Orchestration_AppHost_Probe>(name, options => options.ExcludeKestrelEndpoints = true)
            .WithArgs("complete", $"{exitCode}")
            .WithEnvironment("Probe__Folder", Folder);

    public Task<int> RunAsync() => _run ??= Builder.Build().RunAsync(_output, _stop.Token);

    /// <summary>Runs until everything is healthy.</summary>
    public async Task StartAsync()
    {
        var run = RunAsync();
        while (!File.Exists(Path.Combine(Data, "endpoints.json")))
        {
            if (run.IsCompleted)
                throw new InvalidOperationException($"The system ended with {await run}:\n{Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run!;
    }

    public JsonElement Endpoints => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json"))).RootElement;

    /// <summary>What a probe was started with.</summary>
    public IReadOnlyList<JsonElement> Seen(string name) =>
        [.. Directory.EnumerateFiles(Folder, $"{name}.*.json").Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement)];

    /// <summary>Settings as the host would read them, for looking at what it would do.</summary>
    public LocalSettings Settings => LocalSettings.From(Builder.Configuration, Builder.Environment);

    public void Dispose()
    {
        _stop.Cancel();
        _run?.Wait(TimeSpan.FromSeconds(20));
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
