using System.Security.Cryptography;
using Npgsql;
using Orchestration.Benchmarks.Running;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Ingest;

/// <summary>Metrics alone, as it ships, on a real broker and a real database.</summary>
internal sealed class MetricsProcess : IAsyncDisposable
{
    private const string Project = "Orchestration.Metrics";

    private readonly ChildProcess _process;

    private MetricsProcess(ChildProcess process, string database)
    {
        _process = process;
        Database = NpgsqlDataSource.Create(database);
    }

    public int Id => _process.Id;

    public NpgsqlDataSource Database { get; }

    public static async Task<MetricsProcess> StartAsync(BackingServices stores, CancellationToken cancellationToken)
    {
        var program = await Build.ProgramAsync(Project, cancellationToken);
        var postgres = new NpgsqlConnectionStringBuilder(stores.AdminConnectionString);
        var port = Ports.Free();
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{Ports.Free()}",
            ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__messaging"] = stores.MessagingConnectionString,
            ["ConnectionStrings__postgres"] = stores.AdminConnectionString,
            ["Database__Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database__Password"] = "a-password-of-the-benchmark",
            ["Identity__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Telemetry__ApiKey"] = "unused",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        await using (var migration = ChildProcess.Start("dotnet", [program, "migrate"], Build.Folder(Project), environment, TimeSpan.FromSeconds(30)))
        {
            while (!migration.HasExited)
                await Task.Delay(100, cancellationToken);
            if (migration.ExitCode != 0)
                throw new InvalidOperationException($"The database could not be migrated:{Environment.NewLine}{migration.LastWords}");
        }

        var process = ChildProcess.Start("dotnet", [program], Build.Folder(Project), environment, TimeSpan.FromSeconds(20));
        await Ports.ListeningAsync(port, process, cancellationToken);
        return new MetricsProcess(process, new NpgsqlConnectionStringBuilder(stores.AdminConnectionString) { Database = "metrics" }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Database.DisposeAsync();
    }
}
