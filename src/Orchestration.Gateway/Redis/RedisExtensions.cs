using Orchestration.ServiceDefaults;
using StackExchange.Redis;

namespace Orchestration.Gateway.Redis;

internal static class RedisExtensions
{
    /// <summary>Adds the connection to Redis. It may be away: what is counted or cached there has another way.</summary>
    public static WebApplicationBuilder AddGatewayRedis(this WebApplicationBuilder builder)
    {
#if USE_ASPIRE
        builder.AddRedisClient(ResourceNames.Redis, settings => settings.DisableHealthChecks = true);
#else
        builder.Services.AddSingleton<IConnectionMultiplexer>(services => Connect(services.GetRequiredService<IConfiguration>()));
#endif
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>(ResourceNames.Redis, tags: ["ready"]);
        return builder;
    }

    /// <summary>Redis when it is connected, or null. Found with each use: making the connection fails when none is configured.</summary>
    /// <exception cref="InvalidOperationException">None is configured.</exception>
    public static IDatabase? FindRedis(this IServiceProvider services)
    {
        var redis = services.GetRequiredService<IConnectionMultiplexer>();
        return redis.IsConnected ? redis.GetDatabase() : null;
    }

#if !USE_ASPIRE
    private static ConnectionMultiplexer Connect(IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString(ResourceNames.Redis)
            ?? throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Redis} is not set.");
        var redis = ConfigurationOptions.Parse(connectionString);
        redis.AbortOnConnectFail = false;
        redis.ConnectTimeout = 1_000;
        redis.ConnectRetry = 1;
        redis.AsyncTimeout = 1_000;
        redis.ClientName = ResourceNames.Gateway;
        return ConnectionMultiplexer.Connect(redis);
    }
#endif
}
