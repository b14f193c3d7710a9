using Microsoft.Extensions.Options;
using Orchestration.Gateway.Idempotency;
using StackExchange.Redis;

namespace Orchestration.Gateway.Caching;

/// <summary>Answers in Redis, encrypted. It may be away, slow or spoilt: then nothing is there.</summary>
internal sealed class AnswerStore(IServiceProvider services, AnswerSeal seal, IOptions<CacheOptions> options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _pausedAt;

    /// <summary>The answer of a key, if there is one.</summary>
    /// <returns>False when the store did not say.</returns>
    public async Task<(bool Heard, CachedAnswer? Answer)> FindAsync(string tenantId, string key)
    {
        var (heard, value) = await TryAsync(database => database.StringGetAsync(key));
        if (!heard || value.IsNull)
            return (heard, null);
        if (seal.Open(tenantId, key, (byte[]?)value) is { } bytes && CachedAnswer.Parse(bytes) is { } answer)
            return (true, answer);
        await TryAsync(database => database.KeyDeleteAsync(key));
        return (true, null);
    }

    public Task KeepAsync(string tenantId, string key, CachedAnswer answer, TimeSpan ttl)
    {
        var content = seal.Seal(tenantId, key, answer.ToBytes());
        return content.Length > options.Value.MaxEntryBytes
            ? Task.CompletedTask
            : TryAsync(database => database.StringSetAsync(key, content, ttl));
    }

    private async Task<(bool Heard, TValue? Value)> TryAsync<TValue>(Func<IDatabase, Task<TValue>> call)
    {
        if (IsPaused())
            return (false, default);
        try
        {
            // Resolved here, because making the connection fails when none is configured.
            var redis = services.GetRequiredService<IConnectionMultiplexer>();
            if (!redis.IsConnected)
                return Failed<TValue>();
            var value = await call(redis.GetDatabase()).WaitAsync(options.Value.CallTimeout, timeProvider);
            lock (_gate)
                _failures = 0;
            return (true, value);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return (true, default);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidOperationException)
        {
            return Failed<TValue>();
        }
    }

    private bool IsPaused()
    {
        lock (_gate)
            return _failures >= options.Value.FailuresBeforePause && timeProvider.GetElapsedTime(_pausedAt) < options.Value.Pause;
    }

    private (bool, TValue?) Failed<TValue>()
    {
        lock (_gate)
            (_failures, _pausedAt) = (_failures + 1, timeProvider.GetTimestamp());
        return (false, default);
    }
}
