using System.Diagnostics;
using System.Text.Json;
using Orchestration.FunctionalTests;
using Orchestration.Testing;

[assembly: AssemblyFixture(typeof(SystemFixture))]

namespace Orchestration.FunctionalTests;

/// <summary>The whole system, started once per run as a user would start it: free ports, an empty data folder.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private readonly string _dataDirectory = Directory.CreateTempSubdirectory("orchestration-functional-").FullName;
    private readonly LogTail _log = new(400);
    private Process? _appHost;

    /// <summary>Addresses and keys as the AppHost wrote them.</summary>
    public SystemEndpoints Endpoints { get; private set; } = null!;

    public HttpClient Gateway { get; private set; } = null!;

    public AdminApi Admin { get; private set; } = null!;

    public HttpClient Simulator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _appHost = Process.Start(StartInfo())!;
        _appHost.OutputDataReceived += (_, line) => _log.Add(line.Data);
        _appHost.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        _appHost.BeginOutputReadLine();
        _appHost.BeginErrorReadLine();

        Endpoints = SystemEndpoints.Read(await ReadyAsync(Path.Combine(_dataDirectory, "endpoints.json")));
        Gateway = new HttpClient { BaseAddress = new Uri(Endpoints.GatewayHttp) };
        Gateway.DefaultRequestHeaders.Authorization = new("Bearer", Endpoints.DevelopmentKey);
        Admin = new AdminApi(Endpoints);
        Simulator = new HttpClient { BaseAddress = new Uri(Endpoints.SimulatorHttp) };
    }

    public async ValueTask DisposeAsync()
    {
        if (_appHost is { HasExited: false })
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{_appHost.Id}"]);
            await _appHost.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        }

        _appHost?.Dispose();
        Gateway?.Dispose();
        Admin?.Dispose();
        Simulator?.Dispose();
        Directory.Delete(_dataDirectory, recursive: true);
    }

    private ProcessStartInfo StartInfo()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Orchestration.AppHost", configuration, "Orchestration.AppHost.dll") },
            WorkingDirectory = Path.Combine(RepositoryRoot.Path, "Orchestration.AppHost"),
            Environment = { ["Orchestration__RandomPorts"] = "true", ["Orchestration__DataDirectory"] = _dataDirectory, ["NO_COLOR"] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
    }

    private async Task<JsonDocument> ReadyAsync(string file)
    {
        var started = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            if (_appHost!.HasExited || started.Elapsed > StartLimit)
                throw new InvalidOperationException($"The system did not come up. Its last words:{Environment.NewLine}{_log}");

            await Task.Delay(200);
        }

        return JsonDocument.Parse(await File.ReadAllBytesAsync(file));
    }
}
