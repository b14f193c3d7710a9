using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Caching;

/// <summary>One request that is answered from the cache: the same events, and a cost of nothing.</summary>
internal sealed class CachedRun(AdmittedRequest request, CacheUse.Hit hit, ChatAnswer answer, Execution.Settlement settlement, TimeProvider timeProvider)
{
    // A client is not kept waiting for its last bytes by an outbox in trouble.
    private static readonly TimeSpan LongestWaitForOutbox = TimeSpan.FromSeconds(1);

    public async Task RunAsync()
    {
        var started = hit.Answer.Events[0].Clone();
        started.ResponseStarted.Route = request.Plan.Route;
        foreach (var warning in request.Plan.Warnings)
        {
            if (!started.ResponseStarted.Warnings.Contains(warning))
                started.ResponseStarted.Warnings.Add(warning);
        }

        GatewayTelemetry.Describe(Activity.Current, started.ResponseStarted);
        await answer.AddAsync(started);
        var ending = new RequestEnding
        {
            Response = started.ResponseStarted,
            TimeToFirstToken = timeProvider.GetElapsedTime(request.Identity.StartedTimestamp),
            Summary = new Summary
            {
                Settlement = Contracts.Chat.V1.Settlement.Released,
                Cost = new Contracts.Pricing.V1.Money { Amount = "0", Currency = request.Attribution.Currency },
            },
        };
        foreach (var chatEvent in hit.Answer.Events.Skip(1).SkipLast(1))
            await answer.AddAsync(chatEvent);
        await answer.FlushAsync();
        var recorded = settlement.RecordAsync(request, ending);
        await recorded.WaitAsync(LongestWaitForOutbox, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await answer.AddAsync(new ChatEvent { Summary = ending.Summary });
        await answer.FlushAsync();
        await recorded;
    }
}
