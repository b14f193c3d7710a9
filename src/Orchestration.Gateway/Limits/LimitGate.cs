using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Limits;

/// <summary>Holds requests to the limits of their tenant, project, key and end user, and this process to its own bound.</summary>
internal sealed partial class LimitGate(
    RedisLimits redis,
    LocalShare local,
    RedisBreaker breaker,
    RunningBound bound,
    CurrentRouteTable routes,
    IOptions<LimitOptions> options,
    ILogger<LimitGate> logger)
{
    private readonly ConcurrentDictionary<string, LimitHold> _running = new(StringComparer.Ordinal);

    /// <summary>Requests that hold limits, by id.</summary>
    public IEnumerable<KeyValuePair<string, LimitHold>> Running => _running;

    public bool IsRunning(string id) => _running.ContainsKey(id);

    /// <summary>Takes what a request needs of its limits; when nothing refuses it, <see cref="EndAsync"/> must follow.</summary>
    /// <param name="id">Id of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="endUser">Hash of the end user; empty when none was named.</param>
    /// <param name="ownRules">Limits of this end user in place of the project's for each; empty when there are none.</param>
    public async ValueTask<LimitOutcome> TakeAsync(string id, PlanningRequest request, string endUser, IReadOnlyList<LimitRule> ownRules)
    {
        // Before anything is counted: who is turned away here has used nothing up.
        if (!await bound.EnterAsync(request.Caller.TenantId))
            return new LimitOutcome(Failures.Unavailable("overloaded", "This server runs as many requests as it can. Send the request again."), []);
        LimitTaking? taking = null;
        try
        {
            var counters = LimitCounters.Of(request.Caller, endUser, ownRules, model => IsMeant(model, request.Model), Estimate(request));
            taking = counters.Count == 0 ? LimitTaking.Nothing : await TakeAsync(id, counters);
            if (taking.Hold is { } hold)
                _running[id] = hold;
            return new LimitOutcome(taking.Refusing is { } refusing ? LimitFailures.Exceeded(refusing, taking.WaitMilliseconds) : null, Levels(counters, taking));
        }
        finally
        {
            if (taking?.Hold is null)
                bound.Leave();
        }
    }

    /// <summary>Frees the places of a request and corrects its tokens. Harmless when it has taken nothing; never throws.</summary>
    /// <param name="id">Id of the request.</param>
    /// <param name="tokens">What it used; null when that is not known, which leaves the estimate.</param>
    public async Task EndAsync(string id, long? tokens)
    {
        if (!_running.TryRemove(id, out var hold))
            return;
        bound.Leave();
        if (hold.Counters.Count == 0)
            return;
        local.End(hold, tokens);
        // What needs no word of Redis must not pass for an answer of it.
        if (!RedisLimits.MustBeTold(hold, tokens))
            return;
        if ((breaker.IsOpen || !await TryAsync(() => redis.SettleAsync(id, hold, tokens))) && !hold.Local && tokens is { } used)
            local.Owe(hold, used);
    }

    /// <summary>Makes a call of Redis; false when it was not answered.</summary>
    public async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            breaker.Succeeded();
            local.Answered();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (breaker.Failed())
            {
                local.Lost();
                Log.Away(logger, exception.GetType().Name);
            }

            return false;
        }
    }

    private async Task<LimitTaking> TakeAsync(string id, IReadOnlyList<LimitCounter> counters)
    {
        if (breaker.IsOpen)
            return local.Take(counters);
        if (local.IsRejoining && local.Check(counters) is { } refused)
            return refused;
        LimitTaking? taking = null;
        return await TryAsync(async () => taking = await redis.TakeAsync(id, counters)) ? taking! : local.Take(counters);
    }

    private static IReadOnlyList<LimitLevel> Levels(IReadOnlyList<LimitCounter> counters, LimitTaking taking) =>
    [
        .. counters.Zip(taking.Left, (counter, left) => new LimitLevel(counter, left, counter == taking.Refusing ? Math.Max(0, taking.WaitMilliseconds) : WholeAgain(counter, left))),
    ];

    private static long WholeAgain(LimitCounter counter, long left) => left < counter.Amount ? counter.PartMilliseconds * (LimitCounter.Parts + 1) : 0;

    // Another spelling, an alias or a retired id of what a limit names is held by it as well.
    private bool IsMeant(string limited, string requested)
    {
        if (string.Equals(limited, requested.Trim(), StringComparison.OrdinalIgnoreCase))
            return true;
        return routes.Snapshot is { } snapshot
            && snapshot.FindName(requested) is { } asked
            && snapshot.FindName(limited) is { } meant
            && asked.Route == meant.Route;
    }

    private long Estimate(PlanningRequest request)
    {
        var prompt = request.Size.CjkCharacters + ((request.Size.OtherCharacters + 3) / 4) + (request.Size.Messages * 4L);
        var answer = request.Mode == RouteModes.Chat ? (long)(request.MaxOutput ?? options.Value.AssumedOutputTokens) * Math.Max(1, request.Choices) : 0;
        return Math.Max(1, prompt + answer);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis does not count ({Cause}); this gateway gives out its own share of limits")]
        public static partial void Away(ILogger logger, string cause);
    }
}
