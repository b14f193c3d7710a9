using Npgsql;
using Orchestration.AppHost.Local.Stores;

namespace Orchestration.Testing;

/// <summary>
/// Real PostgreSQL, Redis and RabbitMQ for tests. Started when first asked for, shared by all test processes of a checkout, and
/// gone with the last process that asked, however it ends. Taken from <c>ConnectionStrings__postgres|redis|messaging</c> where those are set.
/// </summary>
/// <remarks>Use as <c>[assembly: AssemblyFixture(typeof(BackingServices))]</c> and take it in the test class's constructor.</remarks>
public sealed class BackingServices : IAsyncDisposable
{
    private static readonly SemaphoreSlim Joining = new(1, 1);

    // Held to the end of the process: between two tests that need a store, it would otherwise end and start again.
    private static readonly Dictionary<BackingService, SharedStore> Joined = [];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<string> _databases = [];
    private string? _postgres;
    private string? _redis;
    private string? _messaging;

    /// <summary>Administrator's connection to PostgreSQL, without a database.</summary>
    public string AdminConnectionString => _postgres ?? throw NotStarted(BackingService.Postgres);

    /// <summary>StackExchange.Redis form: <c>localhost:port,password=…</c>. The server is shared: prefix your keys.</summary>
    public string RedisConnectionString => _redis ?? throw NotStarted(BackingService.Redis);

    /// <summary>AMQP address with an empty virtual host of this object's own.</summary>
    public string MessagingConnectionString => _messaging ?? throw NotStarted(BackingService.RabbitMq);

    /// <summary>Starts, or joins, the services asked for.</summary>
    public static async Task<BackingServices> StartAsync(BackingService services, CancellationToken cancellationToken = default)
    {
        var started = new BackingServices();
        try
        {
            await started.EnsureAsync(services, cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes sure that the services asked for run; their connection strings can be read afterwards.</summary>
    public async Task EnsureAsync(BackingService services, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (services.HasFlag(BackingService.Postgres))
                _postgres ??= External("postgres") ?? await JoinAsync(BackingService.Postgres, cancellationToken);
            if (services.HasFlag(BackingService.Redis))
                _redis ??= External("redis") ?? await JoinAsync(BackingService.Redis, cancellationToken);
            if (services.HasFlag(BackingService.RabbitMq))
                _messaging ??= External("messaging") ?? await JoinAsync(BackingService.RabbitMq, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Creates an empty database, starting PostgreSQL if need be.</summary>
    /// <returns>The administrator's connection string to it.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        await EnsureAsync(BackingService.Postgres, cancellationToken);
        var name = $"test_{Guid.CreateVersion7():N}";
        await ExecuteAsync($"CREATE DATABASE {name}", cancellationToken);
        lock (_databases)
            _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        // Our own server goes as a whole; a borrowed one gets back what it lent.
        if (_postgres is not null && External("postgres") is not null)
        {
            foreach (var database in _databases)
                await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None);
        }
        _gate.Dispose();
    }

    private static string? External(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } value ? value : null;

    private static InvalidOperationException NotStarted(BackingService service) =>
        new($"{service} was not asked for: await {nameof(EnsureAsync)}({nameof(BackingService)}.{service}) first.");

    private static async Task<SharedStore> JoinOnceAsync(BackingService service, CancellationToken cancellationToken)
    {
        await Joining.WaitAsync(cancellationToken);
        try
        {
            if (!Joined.TryGetValue(service, out var store))
                Joined[service] = store = await SharedStore.JoinAsync(service, cancellationToken);
            return store;
        }
        finally
        {
            Joining.Release();
        }
    }

    private static async Task<string> JoinAsync(BackingService service, CancellationToken cancellationToken)
    {
        var store = await JoinOnceAsync(service, cancellationToken);
        if (service != BackingService.RabbitMq)
            return store.ConnectionString;
        var virtualHost = $"test-{Guid.CreateVersion7():N}";
        await RabbitProcess.CreateVirtualHostAsync(store.Address.Folder, store.Address.MapperPort, SharedStore.MessagingUser, virtualHost, cancellationToken);
        return $"{store.ConnectionString}/{virtualHost}";
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
