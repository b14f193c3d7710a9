using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Orchestration.Benchmarks.Revocation;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Running;

/// <summary>
/// Every part that a chat request passes, as processes of this program's own on free ports, so that each can be ended and come back. There is no
/// broker: events wait in the outboxes.
/// </summary>
internal sealed class ChatSystem : IAsyncDisposable
{
    private const int KillSignal = 9;
    private const string NoBroker = "amqp://nobody:nothing@127.0.0.1:9";
    private const string NoStore = "tcp://127.0.0.1:9";
    private static readonly string[] Owners = ["Gateway", "Routing", "Metrics"];
    private readonly BackingServices _stores;
    private readonly string _policyFile;
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestration-chat-").FullName;
    private readonly string _secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string _adminKey = GeneratedKey.Create();
    private readonly (int Routing, int Providers, int Metrics) _ports = (Ports.Free(), Ports.Free(), Ports.Free());
    private readonly List<IAsyncDisposable> _parts = [];
    private ChildProcess? _routing;

    private ChatSystem(BackingServices stores, string policyFile) => (_stores, _policyFile) = (stores, policyFile);

    public List<ChatGateway> Gateways { get; } = [];

    public Uri Simulator { get; private set; } = new("http://127.0.0.1");

    /// <param name="stores">PostgreSQL and Redis.</param>
    /// <param name="gateways">How many to start.</param>
    /// <param name="policyFile">The policy in force; empty for the shipped one.</param>
    /// <param name="built">Take the programs as they were built.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ChatSystem> StartAsync(BackingServices stores, int gateways, string policyFile, bool built, CancellationToken cancellationToken)
    {
        var system = new ChatSystem(stores, policyFile);
        try
        {
            foreach (var project in built ? [] : (string[])[.. Owners, "Providers"])
                await Build.ProgramAsync($"Orchestration.{project}", cancellationToken);
            await Task.WhenAll(Owners.Select(owner => system.MigrateAsync(owner, cancellationToken)));
            var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken, built);
            system._parts.Add(simulator);
            system.Simulator = address;
            system._parts.Add(await system.RunAsync("Metrics", "metrics", 0, system._ports.Metrics, cancellationToken));
            system._parts.Add(await system.RunAsync("Providers", "providers", 0, system._ports.Providers, cancellationToken));
            await system.StartRoutingAsync(withStore: true, cancellationToken);
            for (var i = 0; i < gateways; i++)
                system.Gateways.Add(await system.AddGatewayAsync($"gateway-{i}", cancellationToken));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts Routing with the folder that it had before.</summary>
    /// <param name="withStore">False lets it find no database.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task StartRoutingAsync(bool withStore, CancellationToken cancellationToken) =>
        _routing = await RunAsync("Routing", "routing", 0, _ports.Routing, cancellationToken, withStore ? [] : new Dictionary<string, string> { ["Database__Endpoint"] = NoStore });

    public async Task KillRoutingAsync()
    {
        if (_routing is not { } routing)
            return;
        _routing = null;
        ChildProcess.Signal(routing.Id, KillSignal);
        await routing.DisposeAsync();
    }

    /// <summary>Starts a gateway; under a name that was there before it finds that one's folder.</summary>
    public async Task<ChatGateway> AddGatewayAsync(string name, CancellationToken cancellationToken)
    {
        var (http, admin) = (Ports.Free(), Ports.Free());
        var process = await RunAsync("Gateway", name, http, Ports.Free(), cancellationToken, new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__admin__Url"] = $"http://127.0.0.1:{admin}",
        });
        var gateway = new ChatGateway(process, new Uri($"http://127.0.0.1:{http}"), new Uri($"http://127.0.0.1:{admin}"), _adminKey);
        _parts.Add(gateway);
        await gateway.ReadyAsync(cancellationToken);
        return gateway;
    }

    /// <summary>The key of a new tenant that nothing limits.</summary>
    public async Task<MeasuredKey> CreateKeyAsync(string currency, CancellationToken cancellationToken)
    {
        var tenant = $"measured-{Guid.CreateVersion7():N}";
        await Gateways[0].PostAsync("/admin/v1/tenants", new { tenantId = tenant, name = "Measured", currency }, cancellationToken);
        await Gateways[0].PostAsync($"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Default" }, cancellationToken);
        var made = await Gateways[0].PostAsync($"/admin/v1/tenants/{tenant}/keys", new { projectId = "default", name = "Measured" }, cancellationToken);
        return new MeasuredKey(tenant, made.GetProperty("secret").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
            await part.DisposeAsync();
        if (_routing is not null)
            await _routing.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MigrateAsync(string owner, CancellationToken cancellationToken)
    {
        await using var migration = Start(owner, $"migration-{owner}", 0, 0, [], "migrate");
        while (!migration.HasExited)
            await Task.Delay(100, cancellationToken);
        if (migration.ExitCode != 0)
            throw new InvalidOperationException($"The database of {owner} could not be migrated:{Environment.NewLine}{migration.LastWords}");
    }

    private async Task<ChildProcess> RunAsync(
        string service, string name, int http, int grpc, CancellationToken cancellationToken, Dictionary<string, string>? settings = null)
    {
        var process = Start(service, name, http, grpc, settings ?? []);
        await Ports.ListeningAsync(grpc, process, cancellationToken);
        return process;
    }

    private ChildProcess Start(string service, string name, int http, int grpc, Dictionary<string, string> settings, params string[] arguments)
    {
        var project = $"Orchestration.{service}";
        var postgres = new NpgsqlConnectionStringBuilder(_stores.AdminConnectionString);
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}",
            ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpc}",
            ["services__routing__grpc__0"] = $"http://127.0.0.1:{_ports.Routing}",
            ["services__providers__grpc__0"] = $"http://127.0.0.1:{_ports.Providers}",
            ["services__metrics__grpc__0"] = $"http://127.0.0.1:{_ports.Metrics}",
            ["services__simulator__http__0"] = Simulator.ToString(),
            ["ConnectionStrings__postgres"] = _stores.AdminConnectionString,
            ["ConnectionStrings__redis"] = _stores.RedisConnectionString,
            ["ConnectionStrings__messaging"] = NoBroker,
            ["Database__Endpoint"] = service == "Providers" ? NoStore : $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database__Password"] = Convert.ToHexString(Convert.FromBase64String(_secret)),
            ["Identity__SigningKey"] = _secret,
            ["Keys__Pepper"] = _secret,
            ["Telemetry__ApiKey"] = "unused",
            ["Bootstrap__AdminKey"] = _adminKey,
            ["Gateway__DataDirectory"] = Path.Combine(_folder, name, "data"),
            ["Gateway__Instance"] = name,
            ["Routing__DataDirectory"] = Path.Combine(_folder, name, "data"),
            ["Routing__PolicyFile"] = _policyFile,
            ["Outbox__Directory"] = Path.Combine(_folder, name, "outbox"),
            ["Outbox__ShutdownFlush"] = "00:00:00.100",
            ["Shutdown__Grace"] = "00:00:02",
            ["Logging__LogLevel__Default"] = "Error",
        };
        foreach (var (key, value) in settings)
            environment[key] = value;
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "artifacts", "benchmark-logs")).FullName, $"{name}-{service}.log");
        return ChildProcess.Start("dotnet", [Build.Program(project), .. arguments], Build.Folder(project), environment, TimeSpan.FromSeconds(15), log);
    }
}

/// <param name="TenantId">Whose it is.</param>
/// <param name="Secret">The whole key.</param>
internal sealed record MeasuredKey(string TenantId, string Secret);

/// <summary>A gateway of a <see cref="ChatSystem"/>.</summary>
internal sealed class ChatGateway : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;

    public ChatGateway(ChildProcess process, Uri address, Uri admin, string adminKey)
    {
        _process = process;
        Public = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        Admin = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = admin };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
    }

    public HttpClient Public { get; }

    /// <summary>For an owner.</summary>
    public HttpClient Admin { get; }

    /// <summary>A call of the admin API that must succeed.</summary>
    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await Admin.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }

    /// <summary>Stores a policy and returns the number of its version.</summary>
    public async Task<string> StorePolicyAsync(string yaml, CancellationToken cancellationToken)
    {
        var made = await PostAsync("/admin/v1/policies", new { draft = new { installation = yaml }, comment = "measured" }, cancellationToken);
        return made.TryGetProperty("version", out var version) ? version.GetProperty("version").ToString() : throw new InvalidOperationException($"A policy was refused: {made}");
    }

    /// <summary>Makes a version the active one in place of another.</summary>
    public Task ActivatePolicyAsync(string version, string expected, CancellationToken cancellationToken) =>
        PostAsync($"/admin/v1/policies/{version}:activate", new { expectedActiveVersion = expected, comment = "measured" }, cancellationToken);

    /// <summary>Number of the version that is active.</summary>
    public async Task<string> ActivePolicyAsync(CancellationToken cancellationToken) =>
        (await Admin.GetFromJsonAsync<JsonElement>("/admin/v1/policies", cancellationToken)).GetProperty("activeVersion").ToString();

    /// <summary>Waits until it has a table to plan by.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < StartLimit)
        {
            using var response = await Admin.GetAsync("/health", cancellationToken);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(100, cancellationToken);
        }

        throw new InvalidOperationException($"A gateway is not ready. Last words:{Environment.NewLine}{_process.LastWords}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Public.Dispose();
        Admin.Dispose();
    }
}
