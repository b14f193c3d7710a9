using Microsoft.Extensions.DependencyInjection;
using Orchestration.Gateway.Limits;
using Orchestration.Testing;
using StackExchange.Redis;

namespace Orchestration.Gateway.Tests.Limits;

/// <summary>A real Redis, and counters on it as each gateway has them.</summary>
public sealed class RedisStore : IAsyncLifetime
{
    private readonly List<ServiceProvider> _connections = [];
    private BackingServices _services = null!;

    public string ConnectionString => _services.RedisConnectionString;

    /// <summary>With patience, for a machine that does much else at the same time.</summary>
    internal static LimitOptions Options => new() { CallTimeout = TimeSpan.FromSeconds(30) };

    public async ValueTask InitializeAsync() => _services = await BackingServices.StartAsync(BackingService.Redis);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Counting of one gateway, with a connection of its own.</summary>
    /// <param name="database">The usual one, where gateways of other tests run too, or another.</param>
    internal async Task<(RedisLimits Redis, LocalShare Local)> GatewayAsync(int database = 0)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},defaultDatabase={database}");
        var services = new ServiceCollection().AddSingleton<IConnectionMultiplexer>(connection).BuildServiceProvider();
        _connections.Add(services);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var local = new LocalShare(options, TimeProvider.System);
        var redis = new RedisLimits(services, local, options, TimeProvider.System);
        await redis.ConnectAsync();
        return (redis, local);
    }

    internal IDatabase Database() => _connections[0].GetRequiredService<IConnectionMultiplexer>().GetDatabase(0);

    /// <summary>A counter that no other test has.</summary>
    internal static LimitCounter Counter(long amount, int seconds = 60, string kind = "requests", long taken = 1) =>
        new($"limits:{{t-{Guid.CreateVersion7():N}}}:key:k:{kind}", "key", kind, amount, seconds * 1000L, "", taken);

    internal static LimitCounter Beside(LimitCounter counter, long amount, string kind = "requests", long taken = 1) =>
        counter with { Key = $"{counter.Key}:{kind}-{amount}", Amount = amount, Kind = kind, WindowMilliseconds = kind == "concurrency" ? 0 : counter.WindowMilliseconds, Taken = taken };
}
