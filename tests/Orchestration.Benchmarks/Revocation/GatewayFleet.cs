using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Orchestration.Benchmarks.Running;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Revocation;

/// <summary>Gateways alone, as they ship, on one real database: whether a key opens is decided before anything else is needed.</summary>
internal sealed class GatewayFleet(string redis) : IAsyncDisposable
{
    private const string Project = "Orchestration.Gateway";
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestration-gateways-").FullName;
    private readonly string _adminKey = GeneratedKey.Create();
    private readonly string _secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private readonly List<ChildProcess> _processes = [];

    /// <summary>The public listener of each gateway.</summary>
    public List<HttpClient> Public { get; } = [];

    /// <summary>The admin listener of each gateway, for an owner.</summary>
    public List<HttpClient> Admin { get; } = [];

    public static async Task<GatewayFleet> StartAsync(BackingServices stores, int count, CancellationToken cancellationToken, string redis = "127.0.0.1:9")
    {
        var program = await Build.ProgramAsync(Project, cancellationToken);
        var fleet = new GatewayFleet(redis);
        await using (var migration = fleet.Start(program, stores, "migration", 0, 0, "migrate"))
        {
            while (!migration.HasExited)
                await Task.Delay(100, cancellationToken);
            if (migration.ExitCode != 0)
                throw new InvalidOperationException($"The database could not be migrated:{Environment.NewLine}{migration.LastWords}");
        }

        for (var i = 0; i < count; i++)
        {
            var (http, admin) = (Ports.Free(), Ports.Free());
            var process = fleet.Start(program, stores, $"gateway-{i}", http, admin);
            fleet._processes.Add(process);
            await Ports.ListeningAsync(admin, process, cancellationToken);
            fleet.Public.Add(NewClient(http));
            fleet.Admin.Add(NewClient(admin));
            fleet.Admin[^1].DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fleet._adminKey);
        }

        return fleet;
    }

    /// <summary>A call of the admin API that must succeed.</summary>
    public async Task<JsonElement> PostAsync(int gateway, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await Admin[gateway].PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }

    /// <summary>Whether a gateway takes a key. What it then has no routes for is another matter.</summary>
    public async Task<bool> TakesAsync(int gateway, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Public[gateway].SendAsync(request, cancellationToken);
        return response.StatusCode != System.Net.HttpStatusCode.Unauthorized;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Public.Concat(Admin))
            client.Dispose();
        foreach (var process in _processes)
            await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static HttpClient NewClient(int port) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    private ChildProcess Start(string program, BackingServices stores, string name, int http, int admin, params string[] arguments)
    {
        var postgres = new NpgsqlConnectionStringBuilder(stores.AdminConnectionString);
        return ChildProcess.Start("dotnet", [program, .. arguments], Build.Folder(Project), new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}",
            ["Kestrel__Endpoints__grpc__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__admin__Url"] = $"http://127.0.0.1:{admin}",
            ["ConnectionStrings__postgres"] = stores.AdminConnectionString,
            ["ConnectionStrings__messaging"] = "amqp://nobody:nothing@127.0.0.1:9",
            ["ConnectionStrings__redis"] = redis,
            ["Database__Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database__Password"] = _secret,
            ["Identity__SigningKey"] = _secret,
            ["Keys__Pepper"] = _secret,
            // So that nothing but the change log ends a key.
            ["Keys__CacheFor"] = "00:10:00",
            ["Keys__FailedAttemptsPerMinute"] = "1000000",
            ["Bootstrap__AdminKey"] = _adminKey,
            ["Gateway__DataDirectory"] = Path.Combine(_folder, name, "data"),
            ["Outbox__Directory"] = Path.Combine(_folder, name, "outbox"),
            ["Outbox__ShutdownFlush"] = "00:00:00.100",
            ["Shutdown__Grace"] = "00:00:02",
            ["Logging__LogLevel__Default"] = "Error",
        }, TimeSpan.FromSeconds(15));
    }
}
