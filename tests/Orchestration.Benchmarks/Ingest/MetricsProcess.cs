using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Benchmarks.Running;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Ingest;

/// <summary>Metrics alone, as it ships, on a real broker and a real database.</summary>
internal sealed class MetricsProcess : IAsyncDisposable
{
    /// <summary>A broker that nobody runs, for a service that is only asked.</summary>
    public const string Nobody = "amqp://nobody:nothing@127.0.0.1:9";

    private const string Project = "Orchestration.Metrics";

    private static readonly byte[] SigningKey = RandomNumberGenerator.GetBytes(32);

    private readonly ChildProcess _process;

    private MetricsProcess(ChildProcess process, int port, string database)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
        Database = NpgsqlDataSource.Create(database);
    }

    public int Id => _process.Id;

    /// <summary>Its gRPC endpoint.</summary>
    public Uri Address { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>Calls as the gateway makes them.</summary>
    public static InternalCalls Calls { get; } = new(
        new ServiceTokens(
            Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String(SigningKey) }),
            new ServiceInfo(ResourceNames.Gateway, "0"),
            TimeProvider.System),
        TimeProvider.System);

    public static async Task<MetricsProcess> StartAsync(BackingServices stores, string messaging, CancellationToken cancellationToken)
    {
        await MigrateAsync(stores, cancellationToken);
        return await StartMigratedAsync(stores, messaging, cancellationToken);
    }

    /// <summary>Makes the database, or brings it up to date.</summary>
    public static async Task MigrateAsync(BackingServices stores, CancellationToken cancellationToken)
    {
        var program = await Build.ProgramAsync(Project, cancellationToken);
        await using var migration = ChildProcess.Start("dotnet", [program, "migrate"], Build.Folder(Project), Environment(stores, Nobody, Ports.Free()), TimeSpan.FromSeconds(30));
        while (!migration.HasExited)
            await Task.Delay(100, cancellationToken);
        if (migration.ExitCode != 0)
            throw new InvalidOperationException($"The database could not be migrated:{System.Environment.NewLine}{migration.LastWords}");
    }

    /// <summary>Starts on a database that has been migrated.</summary>
    public static async Task<MetricsProcess> StartMigratedAsync(BackingServices stores, string messaging, CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        var process = ChildProcess.Start("dotnet", [Build.Program(Project)], Build.Folder(Project), Environment(stores, messaging, port), TimeSpan.FromSeconds(20));
        await Ports.ListeningAsync(port, process, cancellationToken);
        return new MetricsProcess(process, port, new NpgsqlConnectionStringBuilder(stores.AdminConnectionString) { Database = "metrics" }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static Dictionary<string, string> Environment(BackingServices stores, string messaging, int port)
    {
        var postgres = new NpgsqlConnectionStringBuilder(stores.AdminConnectionString);
        return new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{Ports.Free()}",
            ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__messaging"] = messaging,
            ["ConnectionStrings__postgres"] = stores.AdminConnectionString,
            ["Database__Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database__Password"] = "a-password-of-the-benchmark",
            ["Identity__SigningKey"] = Convert.ToBase64String(SigningKey),
            ["Telemetry__ApiKey"] = "unused",
            ["Logging__LogLevel__Default"] = "Warning",
        };
    }
}
