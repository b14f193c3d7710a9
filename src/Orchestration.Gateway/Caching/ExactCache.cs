using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
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
        if (question.Directives.NoStore || CacheUse.RulesFor(caller, route) is not { ExactTtl: not null } rules)
            return CacheUse.Bypass.Instance;
        var key = CacheKey.Of(seal, caller, route.Route.Name, route.Route.CacheEpoch, question.Kind, question.Canonical());
        var miss = new CacheUse.Miss(key, caller.TenantId, rules.ExactTtl.ToTimeSpan(), rules.ToolCalls, question.Choices);
        if (question.Directives.NoCache)
            return miss;

        bool IsGood(CachedAnswer answer) => answer.IsAllowed(caller, route, snapshot)
            && (question.Directives.MaxAge is not { } oldest || answer.AgeAt(timeProvider.GetUtcNow()) <= oldest);
        // The lead first, then the look: who looked before may have missed what the last leader kept just before it ended.
        var leading = TryLead(miss);
        if (await FindAsync(miss, IsGood, leading) is { } told)
            return told;
        if (leading is not null)
            return leading;
        await WaitAsync(key, cancellationToken);
        return await FindAsync(miss, IsGood, null) as CacheUse.Hit ?? (CacheUse)(TryLead(miss) ?? miss);
    }

    /// <summary>The request of a miss was answered by what may be given again.</summary>
    public Task KeepAsync(CacheUse.Miss miss, CachedAnswer answer) => store.KeepAsync(miss.TenantId, miss.Key, answer, miss.Ttl);

    /// <summary>Nothing more comes of a miss; whoever waits for it goes on.</summary>
    public void End(CacheUse use)
    {
        if (use is not CacheUse.Miss { Flight: { } flight } miss)
            return;
        _flights.TryRemove(new KeyValuePair<string, TaskCompletionSource>(miss.Key, flight));
        flight.TrySetResult();
    }

    /// <summary>What the store says; null when nothing that may be given is there. Who leads and is told something leads no more.</summary>
    private async Task<CacheUse?> FindAsync(CacheUse.Miss miss, Func<CachedAnswer, bool> isGood, CacheUse.Miss? leading)
    {
        CacheUse? told = CacheUse.Bypass.Instance;
        try
        {
            var (heard, found) = await store.FindAsync(miss.TenantId, miss.Key);
            if (heard)
                told = found is not null && isGood(found) ? new CacheUse.Hit(found, found.AgeAt(timeProvider.GetUtcNow())) : null;
            return told;
        }
        finally
        {
            if (told is not null && leading is not null)
                End(leading);
        }
    }

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
}
