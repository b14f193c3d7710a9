using System.Text.Json;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Running;

/// <summary>The whole system, started by its AppHost on free ports with a data folder of its own.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    private const string Project = "Orchestration.AppHost";
    private static readonly string[] Services = ["gateway", "routing", "providers", "indexing", "metrics", "console", "simulator"];
    private static readonly string LogFile = Path.Combine(RepositoryRoot.Path, "artifacts", "benchmarks.log");
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly string _folder;

    private SystemUnderTest(ChildProcess process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public Uri Gateway => Address("gateway", "http");

    public Uri Admin => Address("gateway", "admin");

    public Uri Simulator => Address("simulator", "http");

    /// <summary>How an administrator signs in to PostgreSQL.</summary>
    public string Postgres => Read().GetProperty("postgres").GetProperty("connection_string").GetString() ?? "";

    public string DevelopmentKey => Read().GetProperty("keys").GetProperty("development").GetString() ?? "";

    public string AdminKey => Read().GetProperty("keys").GetProperty("admin").GetString() ?? "";

    public bool HasExited => _process.HasExited;

    public static async Task<SystemUnderTest> StartAsync(
        IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken, bool built = false)
    {
        var program = built ? Build.Program(Project) : await Build.ProgramAsync(Project, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("orchestration-benchmark-").FullName;
        Screen.Note($"starting the system");
        var environment = new Dictionary<string, string>(settings)
        {
            ["Orchestration__RandomPorts"] = "true",
            ["Orchestration__DataDirectory"] = folder,
            ["NO_COLOR"] = "1",
        };
        var process = ChildProcess.Start("dotnet", [program], Path.Combine(RepositoryRoot.Path, Project), environment, StopLimit, LogFile);
        var system = new SystemUnderTest(process, folder);
        var start = TimeProvider.System.GetTimestamp();
        while (!File.Exists(system.EndpointsFile))
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(start) > StartLimit)
            {
                await system.DisposeAsync();
                throw new InvalidOperationException($"The system did not come up; its output is in {LogFile}.");
            }
            await Task.Delay(100, cancellationToken);
        }
        Screen.Note($"healthy after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        return system;
    }

    /// <summary>Process of each part that runs now, by the command lines below the AppHost: so it holds after a restart too.</summary>
    public IReadOnlyDictionary<string, int> ProcessIds()
    {
        var found = new Dictionary<string, int>();
        foreach (var pid in ProcessTable.DescendantsOf(_process.Id))
        {
            if (PartOf(ProcessTable.CommandLine(pid)) is { } part)
                found[part] = pid;
        }
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string EndpointsFile => Path.Combine(_folder, "endpoints.json");

    private JsonElement Read() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(EndpointsFile));

    private Uri Address(string part, string endpoint) => new(Read().GetProperty(part).GetProperty(endpoint).GetString() ?? "");

    private static string? PartOf(string[] command)
    {
        if (command.Length == 0 || command.Contains("migrate"))
            return null;
        var name = Path.GetFileName(command[0]);
        if (name.StartsWith("beam", StringComparison.Ordinal))
            return "messaging";
        if (name.StartsWith("redis-server", StringComparison.Ordinal))
            return "redis";
        if (name == "postgres" && command.Contains("-D"))
            return "postgres";
        return Services.FirstOrDefault(service =>
            command.Any(part => IsProgram(Path.GetFileName(part), $"Orchestration.{service}")));
    }

    private static bool IsProgram(string file, string project) =>
        file.Equals(project, StringComparison.OrdinalIgnoreCase) || file.Equals(project + ".dll", StringComparison.OrdinalIgnoreCase);
}
