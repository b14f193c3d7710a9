using System.Security.Cryptography;
using System.Text.Json;
using Orchestration.AppHost.Local.Processes;
using Orchestration.AppHost.Local.Stores;

namespace Orchestration.Testing;

/// <summary>
/// One store used by several test processes at once. Each holds a shared lock on the store's life; when the last lets go, by
/// whatever kind of end, the store's guard ends it and removes its folder.
/// </summary>
internal sealed class SharedStore
{
    public const string MessagingUser = "tester";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private SharedStore(LifeLock life, StoreAddress address, string connectionString)
    {
        Life = life;
        Address = address;
        ConnectionString = connectionString;
    }

    /// <summary>Keeps the store alive for as long as this object is known to somebody.</summary>
    public LifeLock Life { get; }

    public StoreAddress Address { get; }

    public string ConnectionString { get; }

    public static async Task<SharedStore> JoinAsync(BackingService service, CancellationToken cancellationToken)
    {
        var name = service.ToString().ToLowerInvariant();
        var root = Path.Combine(Path.GetTempPath(), $"orchestration-tests-{Environment.UserName}-{PathName.Of(Repository.Root)}");
        // Others may pass through, as PostgreSQL's account must when we are root, but not look.
        Directory.CreateDirectory(root, (UnixFileMode)0b111_001_001);
        using var start = await LifeLock.TakeAsync(Path.Combine(root, name + ".start"), shared: false, cancellationToken);
        var life = await LifeLock.TakeAsync(Path.Combine(root, name + ".life"), shared: true, cancellationToken);
        try
        {
            return await FindAsync(service, root, life, cancellationToken) ?? await StartAsync(service, root, life, cancellationToken);
        }
        catch
        {
            life.Dispose();
            throw;
        }
    }

    private static async Task<SharedStore?> FindAsync(BackingService service, string root, LifeLock life, CancellationToken cancellationToken)
    {
        var file = AddressFile(service, root);
        if (!File.Exists(file) || JsonSerializer.Deserialize<StoreAddress>(await File.ReadAllTextAsync(file, cancellationToken)) is not { } address)
            return null;
        if (!Directory.Exists(address.Folder))
            return null;
        var store = Create(service, root, address);
        return await store.AnswersAsync(cancellationToken) ? new(life, address, store.ConnectionString) : null;
    }

    private static async Task<SharedStore> StartAsync(BackingService service, string root, LifeLock life, CancellationToken cancellationToken)
    {
        var name = service.ToString().ToLowerInvariant();
        await StoreInstallation.EnsureAsync([name], Console.Error.WriteLine, cancellationToken);
        var folder = Path.Combine(root, $"{name}-{Guid.CreateVersion7():N}");
        if (service == BackingService.Postgres)
            folder = await PostgresProcess.ResolveFolderAsync(folder, cancellationToken);
        var address = new StoreAddress(folder, FreePort.Next(), FreePort.Next(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        var store = Create(service, root, address);
        await store.PrepareAsync(cancellationToken);
        File.Delete(LogFile(service, root));
        var process = GuardedProcess.Start(store.Command, life, _ => { });
        await store.WaitUntilAnsweringAsync(process, Patience, cancellationToken);
        await File.WriteAllTextAsync(AddressFile(service, root), JsonSerializer.Serialize(address), cancellationToken);
        File.SetUnixFileMode(AddressFile(service, root), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new(life, address, store.ConnectionString);
    }

    private static StoreProcess Create(BackingService service, string root, StoreAddress address)
    {
        var settings = new StoreSettings(address.Folder, address.Port, service == BackingService.Postgres ? "postgres" : MessagingUser, address.Password)
        {
            Durable = false,
            LogFile = LogFile(service, root),
            RemoveAtEnd = true,
        };
        return service switch
        {
            BackingService.Postgres => new PostgresProcess(settings),
            BackingService.Redis => new RedisProcess(settings),
            BackingService.RabbitMq => new RabbitProcess(settings, address.MapperPort),
            _ => throw new ArgumentOutOfRangeException(nameof(service), service, "One store at a time."),
        };
    }

    private static string AddressFile(BackingService service, string root) => Path.Combine(root, service.ToString().ToLowerInvariant() + ".json");

    private static string LogFile(BackingService service, string root) => Path.Combine(root, service.ToString().ToLowerInvariant() + ".log");
}
