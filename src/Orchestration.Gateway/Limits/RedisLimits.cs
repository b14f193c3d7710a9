using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Orchestration.Gateway.Limits;

/// <summary>Counts in Redis, for all gateways together. Every call ends within its deadline, whatever Redis does.</summary>
internal sealed class RedisLimits(IServiceProvider services, LocalShare local, IOptions<LimitOptions> options, TimeProvider timeProvider)
{
    private static readonly RedisKey[] GatewaysKey = ["limits:gateways"];

    private volatile IDatabase? _database;

    private long PlaceLife => (long)options.Value.PlaceLife.TotalMilliseconds;

    /// <summary>Makes the connection, away from any request: the first one blocks for as long as Redis does not answer.</summary>
    public async Task ConnectAsync() =>
        _database ??= await Task.Run(() => services.GetRequiredService<IConnectionMultiplexer>().GetDatabase());

    /// <summary>Takes all counters or none, and tells what was let in without Redis.</summary>
    /// <param name="id">Id of the request.</param>
    /// <param name="counters">What it counts against.</param>
    /// <param name="time">Time in milliseconds in place of Redis' own.</param>
    public async Task<LimitTaking> TakeAsync(string id, IReadOnlyList<LimitCounter> counters, long? time = null)
    {
        var debts = counters.Select(local.TakeOut).ToArray();
        try
        {
            var answer = await EvaluateAsync(LimitScript.Take, Keys(counters), Arguments(id, counters, debts, time));
            var (refused, totals) = ((int)answer[0], answer[3..]);
            var countedAt = local.Count(counters, totals, taken: refused == 0);
            var left = counters.Zip(totals, (counter, total) => Math.Max(0, counter.Amount - total)).ToList();
            return refused > 0
                ? new LimitTaking(counters[refused - 1], answer[1], null, left)
                : new LimitTaking(null, 0, new LimitHold(counters, false, answer[2], countedAt), left);
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
        var counters = hold.Counters.Where(counter => MustBeTold(counter, hold, tokens)).ToList();
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

    /// <summary>Whether the end of a request changes anything in Redis.</summary>
    public static bool MustBeTold(LimitHold hold, long? tokens) => hold.Counters.Any(counter => MustBeTold(counter, hold, tokens));

    // Tokens that were counted without Redis are told with the rest of what it has to be told.
    private static bool MustBeTold(LimitCounter counter, LimitHold hold, long? tokens) =>
        counter.IsConcurrency || (counter.IsTokens && !hold.Local && tokens is not null && tokens != counter.Taken);

    /// <summary>Keeps the places of a running request, or takes them when Redis does not know of them.</summary>
    public Task HoldAsync(string id, LimitHold hold)
    {
        var places = hold.Counters.Where(counter => counter.IsConcurrency).ToList();
        return places.Count == 0 ? Task.CompletedTask : EvaluateAsync(LimitScript.Hold, Keys(places), [id, PlaceLife]);
    }

    /// <summary>Says that this gateway lives, and learns how many do and which of them it is.</summary>
    public async Task<(long Count, long Rank)> BeatAsync(string gateway)
    {
        var answer = await EvaluateAsync(LimitScript.Beat, GatewaysKey, [gateway]);
        return (answer[0], answer[1]);
    }

    /// <summary>Takes this gateway off the list of those that share.</summary>
    public Task LeaveAsync(string gateway) => Database().SortedSetRemoveAsync(GatewaysKey[0], gateway).WaitAsync(options.Value.CallTimeout, timeProvider);

    private async Task<long[]> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var result = await Database().ScriptEvaluateAsync(script, keys, arguments).WaitAsync(options.Value.CallTimeout, timeProvider);
        return (long[])result!;
    }

    private IDatabase Database() => _database ?? throw new TimeoutException("Redis is not connected yet.");

    private RedisValue[] Arguments(string id, IReadOnlyList<LimitCounter> counters, long[] debts, long? time)
    {
        var arguments = new List<RedisValue>(4 + (counters.Count * 4)) { time ?? RedisValue.EmptyString, id, PlaceLife, LimitCounter.Parts };
        for (var index = 0; index < counters.Count; index++)
            arguments.AddRange([counters[index].Amount, counters[index].Taken, counters[index].PartMilliseconds, debts[index]]);
        return [.. arguments];
    }

    private static RedisKey[] Keys(IEnumerable<LimitCounter> counters) => counters.Select(counter => (RedisKey)counter.Key).ToArray();
}
