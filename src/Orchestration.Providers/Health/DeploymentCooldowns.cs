using System.Collections.Concurrent;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Health;

/// <summary>Deployments that rest because their provider said so. A rest is only ever extended.</summary>
internal sealed class DeploymentCooldowns(TimeProvider time, HealthFeed feed)
{
    private readonly ConcurrentDictionary<string, Rest> _resting = new(StringComparer.Ordinal);

    /// <summary>How long a deployment still rests; zero when it may be asked.</summary>
    public TimeSpan Remaining(string deployment)
    {
        if (!_resting.TryGetValue(deployment, out var rest)) return TimeSpan.Zero;
        var remaining = rest.Until - time.GetUtcNow();
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    /// <summary>Takes note of a failed attempt.</summary>
    public void Failed(string deployment, Failure failure)
    {
        var kind = FailoverRule.For(failure.FailureClass).Cooldown;
        if (kind == Cooldown.None) return;
        var now = time.GetUtcNow();
        var rest = _resting.AddOrUpdate(
            deployment,
            _ => new Rest(now + Pause(kind, failure, 0), 1),
            (_, old) => new Rest(Later(old.Until, now + Pause(kind, failure, old.Failures)), old.Failures + 1));
        feed.Publish(new DeploymentHealthChanged
        {
            Deployment = deployment,
            State = "cooling",
            Reason = failure.Code,
            Until = rest.Until,
            ChangedAt = now,
        });
    }

    /// <summary>Another replica was told to rest; for no longer than a provider may ask for.</summary>
    public void Hear(string deployment, DateTimeOffset until)
    {
        var latest = time.GetUtcNow() + RetryHints.MaxRetryAfter;
        var told = until < latest ? until : latest;
        _resting.AddOrUpdate(deployment, _ => new Rest(told, 0), (_, old) => old with { Until = Later(old.Until, told) });
    }

    /// <summary>Takes note of a deployment that answered; a rest that another request was told of stays.</summary>
    public void Succeeded(string deployment)
    {
        if (!_resting.TryGetValue(deployment, out var rest) || rest.Until > time.GetUtcNow()) return;
        if (!_resting.TryRemove(KeyValuePair.Create(deployment, rest))) return;
        feed.Publish(new DeploymentHealthChanged
        {
            Deployment = deployment,
            State = "healthy",
            Reason = "",
            ChangedAt = time.GetUtcNow(),
        });
    }

    private static TimeSpan Pause(Cooldown kind, Failure failure, int earlier) => kind == Cooldown.Short
        ? Backoff.Told(failure) ?? TimeSpan.FromMilliseconds(Random.Shared.Next(50, 500))
        : Backoff.After(failure, earlier);

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private sealed record Rest(DateTimeOffset Until, int Failures);
}
