using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Serving;

/// <summary>What the replicas of Providers say about deployments.</summary>
internal sealed class HealthView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _revision;

    public ChangeSignal Changed { get; } = new();

    /// <summary>Takes a change; older news never overwrite newer.</summary>
    public void Take(DeploymentHealthChanged change)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(change.Deployment, out var known) && known.ChangedAt >= change.ChangedAt) return;
            _entries[change.Deployment] = new Entry(ToHealth(change), change.ChangedAt, ++_revision);
        }

        Changed.Raise();
    }

    /// <summary>Changes of some deployments after a revision; after 0 only what is not healthy, because that is what everybody assumes.</summary>
    public (long Revision, IReadOnlyList<DeploymentHealth> Changes) Since(long revision, Func<string, bool> concerns)
    {
        lock (_lock)
        {
            var changes = _entries.Values
                .Where(e => e.Revision > revision && (revision > 0 || e.Health.State != HealthState.Healthy) && concerns(e.Health.Deployment))
                .OrderBy(e => e.Revision).Select(e => e.Health).ToList();
            return (_revision, changes);
        }
    }

    private static DeploymentHealth ToHealth(DeploymentHealthChanged change) => new()
    {
        Deployment = change.Deployment,
        State = change.State switch
        {
            "healthy" => HealthState.Healthy,
            // A plan keeps an open deployment: who is left alone, and how many at once, is decided where it is executed.
            "probing" or "open" => HealthState.Probing,
            "cooling" => HealthState.Cooling,
            _ => HealthState.Unspecified,
        },
        Reason = change.Reason,
        Until = change.Until is { } until ? Timestamp.FromDateTimeOffset(until) : null,
    };

    private sealed record Entry(DeploymentHealth Health, DateTimeOffset ChangedAt, long Revision);
}
