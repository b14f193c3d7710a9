using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning;

namespace Orchestration.Gateway.Limits;

/// <summary>Holds requests to the limits of their tenant, project, key and end user, and this process to its own bound.</summary>
internal sealed partial class LimitGate(
    RedisLimits redis, LocalShare local, RedisBreaker breaker, EndUserDirectory endUsers, IOptions<LimitOptions> options, ILogger<LimitGate> logger)
{
    private readonly ConcurrentDictionary<string, LimitHold> _running = new(StringComparer.Ordinal);

    /// <summary>Requests that have taken limits and not ended, by id.</summary>
    public IEnumerable<KeyValuePair<string, LimitHold>> Running => _running;

    /// <summary>Takes what a request needs of its limits; null when it may go on, and then <see cref="EndAsync"/> must follow.</summary>
    public async ValueTask<Failure?> TakeAsync(string id, PlanningRequest request, string endUser, CancellationToken cancellationToken)
    {
        if (_running.Count >= options.Value.MaxRunningRequests)
            return Failures.Unavailable("overloaded", "This server runs as many requests as it can. Send the request again.");
        var own = await OwnRulesAsync(request.Caller, endUser, cancellationToken);
        var counters = LimitCounters.Of(request.Caller, endUser, own, request.Model, Estimate(request));
        if (counters.Count == 0)
        {
            _running[id] = LimitHold.Nothing;
            return null;
        }

        var taking = await TakeAsync(id, counters);
        if (taking.Refusing is { } refusing)
            return LimitFailures.Exceeded(refusing, taking.WaitMilliseconds);
        _running[id] = taking.Hold!;
        return null;
    }

    /// <summary>Frees the places of a request and corrects its tokens. Harmless when it has taken nothing.</summary>
    /// <param name="id">Id of the request.</param>
    /// <param name="tokens">What it used; null when that is not known, which leaves the estimate.</param>
    public async ValueTask EndAsync(string id, long? tokens)
    {
        if (!_running.TryRemove(id, out var hold) || hold.Counters.Count == 0)
            return;
        if (hold.Local)
            local.Release(hold);
        else
            await TryAsync(() => redis.SettleAsync(id, hold, tokens));
    }

    /// <summary>Makes a call of Redis unless it is being left alone; false when it was not answered.</summary>
    public async Task<bool> TryAsync(Func<Task> call)
    {
        if (!breaker.MayCall())
            return false;
        try
        {
            await call();
            breaker.Succeeded();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            breaker.Failed();
            Log.Away(logger, exception.GetType().Name);
            return false;
        }
    }

    private async Task<LimitTaking> TakeAsync(string id, IReadOnlyList<LimitCounter> counters)
    {
        LimitTaking? taking = null;
        return await TryAsync(async () => taking = await redis.TakeAsync(id, counters)) ? taking! : local.Take(counters);
    }

    // Where the rules cannot be read the project's hold.
    private async ValueTask<IReadOnlyList<LimitRule>> OwnRulesAsync(Caller caller, string endUser, CancellationToken cancellationToken) =>
        endUser.Length > 0
        && await endUsers.FindAsync(caller.TenantId, cancellationToken) is Lookup<EndUserRules>.Found { Value: var rules }
        && rules.ByHash.TryGetValue(endUser, out var rule)
            ? rule.Limits
            : [];

    private long Estimate(PlanningRequest request)
    {
        var prompt = request.Size.CjkCharacters + ((request.Size.OtherCharacters + 3) / 4) + (request.Size.Messages * 4L);
        var answer = request.Mode == "chat" ? (long)(request.MaxOutput ?? options.Value.AssumedOutputTokens) * Math.Max(1, request.Choices) : 0;
        return Math.Max(1, prompt + answer);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Redis did not count ({Cause}); this gateway counts its own share")]
        public static partial void Away(ILogger logger, string cause);
    }
}
