using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Caching;

/// <summary>Gives answers again to equal requests of the same project. Of equal requests at the same time one is run, and the others wait.</summary>
internal sealed class ExactCache(AnswerStore store, AnswerSeal seal, IOptions<CacheOptions> options, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _flights = new(StringComparer.Ordinal);

    /// <summary>Looks whether a request was answered before. Who gets a miss ends it, with an answer or without.</summary>
    public async ValueTask<CacheUse> LookAsync(
        CacheQuestion question, Caller caller, CompiledRoute route, RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (question.Directives.NoStore || RulesFor(caller, route) is not { } rules)
            return CacheUse.Bypass.Instance;
        var request = question.Request;
        var key = CacheKey.Of(seal, caller, route.Route.Name, route.Route.CacheEpoch, request);
        var miss = new CacheUse.Miss(key, caller.TenantId, rules.ExactTtl.ToTimeSpan(), rules.ToolCalls, request.HasChoiceCount ? request.ChoiceCount : 1);
        if (question.Directives.NoCache)
            return miss;

        bool IsGood(CachedAnswer answer) => IsAllowed(answer, caller, route, snapshot)
            && (question.Directives.MaxAge is not { } oldest || AgeOf(answer) <= oldest);
        var (heard, found) = await store.FindAsync(caller.TenantId, key);
        if (!heard)
            return CacheUse.Bypass.Instance;
        if (found is not null && IsGood(found))
            return new CacheUse.Hit(found, AgeOf(found));
        if (TryLead(miss) is { } leading)
            return leading;
        await WaitAsync(key, cancellationToken);
        (_, found) = await store.FindAsync(caller.TenantId, key);
        return found is not null && IsGood(found) ? new CacheUse.Hit(found, AgeOf(found)) : TryLead(miss) ?? miss;
    }

    /// <summary>The request of a miss was answered; what may be given again is kept.</summary>
    public async Task KeepAsync(AnswerCollector collected, Summary? summary)
    {
        if (collected.Result(summary, timeProvider.GetUtcNow()) is { } answer)
            await store.KeepAsync(collected.Miss.TenantId, collected.Miss.Key, answer, collected.Miss.Ttl);
    }

    /// <summary>Nothing more comes of a miss; whoever waits for it goes on.</summary>
    public void End(CacheUse use)
    {
        if (use is not CacheUse.Miss { Flight: { } flight } miss)
            return;
        _flights.TryRemove(new KeyValuePair<string, TaskCompletionSource>(miss.Key, flight));
        flight.TrySetResult();
    }

    /// <summary>Collects the answer of a miss; null for anything else.</summary>
    public AnswerCollector? Collect(CacheUse use) => use is CacheUse.Miss miss ? new AnswerCollector(miss, options.Value.MaxEntryBytes) : null;

    private static CacheRules? RulesFor(Caller caller, CompiledRoute route) =>
        route.Route.Cache is { ExactTtl: not null } rules && (rules.Tenants.Count == 0 || rules.Tenants.Contains(caller.TenantId)) ? rules : null;

    // The filters of planning hold for answers that were planned before.
    private static bool IsAllowed(CachedAnswer answer, Caller caller, CompiledRoute route, RoutingSnapshot snapshot) =>
        route.Find(answer.Started.Deployment) is { } deployment && snapshot.MayEnter(caller.TenantId, deployment.Region);

    private CacheUse.Miss? TryLead(CacheUse.Miss miss)
    {
        var flight = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _flights.TryAdd(miss.Key, flight) ? miss with { Flight = flight } : null;
    }

    private async Task WaitAsync(string key, CancellationToken cancellationToken)
    {
        if (!_flights.TryGetValue(key, out var flight))
            return;
        try
        {
            await flight.Task.WaitAsync(options.Value.FlightWait, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It is run beside the other.
            return;
        }
    }

    private TimeSpan AgeOf(CachedAnswer answer)
    {
        var age = timeProvider.GetUtcNow() - answer.MadeAt;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
