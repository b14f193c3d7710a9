using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Orchestration.Gateway.Limits;

/// <summary>Counts in Redis, for all gateways together. Every call ends within its deadline, whatever Redis does.</summary>
internal sealed class RedisLimits(IServiceProvider services, LocalShare local, IOptions<LimitOptions> options, TimeProvider timeProvider)
{
    /// <summary>Takes all counters or none.</summary>
    /// <param name="id">Id of the request.</param>
    /// <param name="counters">What it counts against.</param>
    /// <param name="time">Time in milliseconds in place of Redis' own.</param>
    public async Task<LimitTaking> TakeAsync(string id, IReadOnlyList<LimitCounter> counters, long? time = null)
    {
        var debts = counters.Select(local.TakeOut).ToArray();
        try
        {
            var answer = await EvaluateAsync(LimitScript.Take, Keys(counters), Arguments(id, counters, debts, time));
            for (var index = 0; index < counters.Count; index++)
            {
                if (!counters[index].IsConcurrency)
                    local.Learn(counters[index], answer[index + 3]);
            }
            return answer[0] > 0
                ? new LimitTaking(counters[(int)answer[0] - 1], answer[1], null)
                : new LimitTaking(null, 0, new LimitHold(counters, false, answer[2]));
        }
        catch
        {
            for (var index = 0; index < counters.Count; index++)
                local.PutBack(counters[index], debts[index]);
            throw;
        }
    }

    /// <summary>Frees the places of a request and corrects its tokens; null keeps the estimate.</summary>
    public Task SettleAsync(string id, LimitHold hold, long? tokens)
    {
        var counters = hold.Counters.Where(counter => counter.IsConcurrency || (counter.IsTokens && tokens is not null && tokens != counter.Taken)).ToList();
        if (counters.Count == 0)
            return Task.CompletedTask;
        var arguments = new List<RedisValue> { id, hold.TakenAt, LimitCounter.Parts };
        foreach (var counter in counters)
        {
            arguments.Add(counter.IsConcurrency ? 0 : tokens.GetValueOrDefault() - counter.Taken);
            arguments.Add(counter.PartMilliseconds);
        }
        return EvaluateAsync(LimitScript.Settle, Keys(counters), [.. arguments]);
    }

    /// <summary>Keeps the places of a running request.</summary>
    public Task RenewAsync(string id, LimitHold hold)
    {
        var places = hold.Counters.Where(counter => counter.IsConcurrency).ToList();
        return places.Count == 0
            ? Task.CompletedTask
            : EvaluateAsync(LimitScript.Renew, Keys(places), [id, (long)options.Value.PlaceLife.TotalMilliseconds]);
    }

    /// <summary>Says that this gateway lives, and learns how many do.</summary>
    public async Task<long> BeatAsync(string gateway)
    {
        const string Script = """
            local time = redis.call('TIME')
            local found = redis.call('TYPE', KEYS[1]).ok
            if found ~= 'zset' and found ~= 'none' then redis.call('DEL', KEYS[1]) end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] - 30)
            redis.call('ZADD', KEYS[1], time[1], ARGV[1])
            return { redis.call('ZCARD', KEYS[1]) }
            """;
        return (await EvaluateAsync(Script, ["limits:gateways"], [gateway]))[0];
    }

    private async Task<long[]> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        // Resolved here, because making the connection fails when none is configured.
        var database = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var result = await database.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(options.Value.CallTimeout, timeProvider);
        return result.Resp3Type == ResultType.Integer ? [(long)result] : (long[])result!;
    }

    private RedisValue[] Arguments(string id, IReadOnlyList<LimitCounter> counters, long[] debts, long? time)
    {
        var arguments = new List<RedisValue>(4 + (counters.Count * 4))
        {
            time ?? RedisValue.EmptyString, id, (long)options.Value.PlaceLife.TotalMilliseconds, LimitCounter.Parts,
        };
        for (var index = 0; index < counters.Count; index++)
            arguments.AddRange([counters[index].Amount, counters[index].Taken, counters[index].PartMilliseconds, debts[index]]);
        return [.. arguments];
    }

    private static RedisKey[] Keys(IEnumerable<LimitCounter> counters) => counters.Select(counter => (RedisKey)counter.Key).ToArray();
}
