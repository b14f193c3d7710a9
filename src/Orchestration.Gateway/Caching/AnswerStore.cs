using Microsoft.Extensions.Options;
using Orchestration.Gateway.Idempotency;
using Orchestration.Gateway.Redis;
using StackExchange.Redis;

namespace Orchestration.Gateway.Caching;

/// <summary>Answers in Redis, encrypted. It may be away, slow or spoilt: then nothing is there.</summary>
internal sealed class AnswerStore(IServiceProvider services, AnswerSeal seal, IOptions<CacheOptions> options, TimeProvider timeProvider)
{
    private readonly FailurePause _pause = new(options.Value.FailuresBeforePause, options.Value.Pause, timeProvider);

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
        if (_pause.IsOn)
            return (false, default);
        try
        {
            if (services.FindRedis() is not { } database)
                return Failed<TValue>();
            var value = await call(database).WaitAsync(options.Value.CallTimeout, timeProvider);
            _pause.Succeeded();
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

    private (bool, TValue?) Failed<TValue>()
    {
        _pause.Failed();
        return (false, default);
    }
}
