using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Health;

/// <summary>What this replica knows of the deployments: who rests, who fails. It tells the others and listens to them.</summary>
internal sealed class DeploymentStates(DeploymentCooldowns cooldowns, IOptions<BreakerOptions> options, HealthFeed feed, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DeploymentBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);

    /// <summary>How long a deployment still rests because its provider said so; zero when it may be asked.</summary>
    public TimeSpan Resting(string deployment) => cooldowns.Remaining(deployment);

    public BreakerView Look(string deployment) =>
        _breakers.TryGetValue(deployment, out var breaker) ? breaker.Look() : default;

    /// <summary>Share of the traffic that a deployment should see: 1 unless it has just recovered.</summary>
    public double Share(string deployment) => _breakers.TryGetValue(deployment, out var breaker) ? breaker.Share() : 1;

    /// <summary>Takes the one probe of this second.</summary>
    public bool TryProbe(string deployment)
    {
        if (!_breakers.TryGetValue(deployment, out var breaker)) return false;
        var before = breaker.Look().State;
        if (!breaker.TryProbe()) return false;
        if (before == BreakerState.Open) Tell(deployment, breaker);
        return true;
    }

    /// <summary>Takes note of a failed attempt.</summary>
    /// <param name="deployment">Who was asked.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="startedAt">Timestamp at which the attempt began.</param>
    public void Failed(string deployment, Failure failure, long startedAt)
    {
        cooldowns.Failed(deployment, failure);
        if (!SaysSick(failure)) return;
        var breaker = BreakerOf(deployment);
        if (breaker.Record(succeeded: false, startedAt, failure.Code)) Tell(deployment, breaker);
    }

    /// <summary>Takes note of an attempt whose answer has begun.</summary>
    public void Speaks(string deployment, long startedAt, bool streamed = false)
    {
        TimeSpan? firstToken = streamed ? time.GetElapsedTime(startedAt) : null;
        if (_breakers.TryGetValue(deployment, out var breaker) && breaker.Speaks(startedAt, firstToken)) Tell(deployment, breaker);
    }

    /// <summary>Takes note of an attempt that was answered.</summary>
    /// <param name="deployment">Who was asked.</param>
    /// <param name="startedAt">Timestamp at which the attempt began.</param>
    /// <param name="firstToken">How long a streamed answer's first token took; null for others, whose length decides when they begin.</param>
    public void Succeeded(string deployment, long startedAt, TimeSpan? firstToken = null)
    {
        cooldowns.Succeeded(deployment);
        var breaker = BreakerOf(deployment);
        if (breaker.Record(succeeded: true, startedAt, "", firstToken)) Tell(deployment, breaker);
    }

    /// <summary>Takes the word of another replica; older news never overwrite newer.</summary>
    public void Hear(DeploymentHealthChanged news)
    {
        if (news.Replica == HealthFeed.Replica) return;
        var newest = _heard.AddOrUpdate(news.Deployment, news.ChangedAt, (_, known) => known > news.ChangedAt ? known : news.ChangedAt);
        if (newest != news.ChangedAt) return;
        switch (news.State)
        {
            case "cooling" when news.Until is { } until:
                cooldowns.Hear(news.Deployment, until);
                break;
            case "open":
                var wait = (news.Until ?? news.ChangedAt) - time.GetUtcNow();
                if (wait > TimeSpan.Zero) BreakerOf(news.Deployment).HearOpen(wait, news.Reason);
                break;
            case "healthy" when _breakers.TryGetValue(news.Deployment, out var breaker):
                breaker.HearHealthy();
                break;
        }
    }

    // A request that was late for reasons of its own, or an address that we refuse, says nothing about the deployment.
    private static bool SaysSick(Failure failure) =>
        failure.Code is not ("total_deadline" or "egress_refused") && FailoverRule.For(failure.FailureClass).Sick;

    private DeploymentBreaker BreakerOf(string deployment) =>
        _breakers.GetOrAdd(deployment, static (_, health) => health.NewBreaker(), this);

    private DeploymentBreaker NewBreaker() => new(options.Value, time);

    private void Tell(string deployment, DeploymentBreaker breaker)
    {
        var view = breaker.Look();
        var now = time.GetUtcNow();
        // A rest that the provider asked for goes on whatever the breaker thinks, and there is one state to tell.
        if (cooldowns.Remaining(deployment) is var rest && rest > TimeSpan.Zero)
            feed.Publish(News(deployment, "cooling", "provider_rate_limited", now + rest, now));
        else if (view.State == BreakerState.Healthy)
            feed.Publish(News(deployment, "healthy", "", null, now));
        else
            feed.Publish(News(deployment, view.State == BreakerState.Open ? "open" : "probing", view.Reason, now + view.Wait, now));
    }

    private static DeploymentHealthChanged News(string deployment, string state, string reason, DateTimeOffset? until, DateTimeOffset now) => new()
    {
        Deployment = deployment,
        State = state,
        Reason = reason,
        Until = until,
        ChangedAt = now,
    };
}
