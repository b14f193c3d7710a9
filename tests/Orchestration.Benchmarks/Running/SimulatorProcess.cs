namespace Orchestration.Benchmarks.Running;

/// <summary>A simulator of our own, for measurements without the system.</summary>
internal static class SimulatorProcess
{
    public static async Task<(ChildProcess Process, Uri Address)> StartAsync(CancellationToken cancellationToken, bool built = false)
    {
        const string Project = "Orchestration.Simulator";
        var program = built ? Build.Program(Project) : await Build.ProgramAsync(Project, cancellationToken);
        var port = Ports.Free();
        var process = ChildProcess.Start("dotnet", [program], Build.Folder(Project), new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{port}",
            ["Simulator__Speed"] = "0",
            ["Logging__LogLevel__Default"] = "Warning",
        }, TimeSpan.FromSeconds(10));
        await Ports.ListeningAsync(port, process, cancellationToken);
        return (process, new Uri($"http://127.0.0.1:{port}"));
    }
}
