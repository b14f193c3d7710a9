using System.Diagnostics;
using System.Text.Json;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Tests;

/// <summary>The probes' host as a process of its own, to be ended from outside.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly string[] _settings;
    private readonly SynchronizedWriter _output = new();
    private Process _process;

    private HostProcess(string folder, params string[] settings)
    {
        Folder = folder;
        _settings = settings;
        _process = Launch();
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Output => _output.ToString();

    public static HostProcess Start(params string[] settings) =>
        new(Directory.CreateTempSubdirectory("orchestration-host-tests-").FullName, settings);

    /// <summary>Starts the host again on the same folder, once the first has ended.</summary>
    public void Restart()
    {
        _process.Dispose();
        File.Delete(Path.Combine(Data, "endpoints.json"));
        _process = Launch();
    }

    public string ConnectionString(string store) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json")))
        .RootElement.GetProperty(store).GetProperty("connection_string").GetString()!;

    /// <summary>The process that a part had at the start.</summary>
    public int ProcessIdOf(string part) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json")))
        .RootElement.GetProperty("processes").GetProperty(part)[0].GetInt32();

    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The host ended with {_process.ExitCode}:\n{Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task UntilHealthyAsync() => UntilAsync(() => File.Exists(Path.Combine(Data, "endpoints.json")));

    public void Signal(int signal) => UnixSignals.Send(_process.Id, signal);

    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        await Leftovers.AfterAsync(TimeSpan.FromSeconds(20), Folder, CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    private Process Launch()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var bin = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));
        string[] arguments =
        [
            // Where it was built: beside the tests it would find their versions of what it needs.
            Path.Combine(bin, "Orchestration.AppHost.ProbeHost", configuration, "Orchestration.AppHost.ProbeHost.dll"),
            $"--Probe:Folder={Folder}", $"--Orchestration:DataDirectory={Data}", "--Orchestration:RandomPorts=true", .. _settings,
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => _output.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => _output.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
