using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.RouteTables;

/// <summary>The route table that this gateway plans by now, and what it heard of its deployments' health.</summary>
internal sealed class CurrentRouteTable(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private volatile Dictionary<string, DeploymentHealth> _health = new(StringComparer.Ordinal);
    private volatile AppliedTable? _applied;
    private volatile TaskCompletionSource _replaced = NewSource();
    private volatile bool _connected;
    private long _disconnectedAt = timeProvider.GetTimestamp();

    /// <summary>Null until the first table came, from Routing or from disk.</summary>
    public RoutingSnapshot? Snapshot => _applied?.Snapshot;

    /// <summary>The same with the time of its coming.</summary>
    public AppliedTable? Applied => _applied;

    /// <summary>Ends when another table comes.</summary>
    public Task Replaced => _replaced.Task;

    public bool IsConnected => _connected;

    /// <summary>Time since Routing was last connected; zero while it is.</summary>
    public TimeSpan Age => _connected ? TimeSpan.Zero : timeProvider.GetElapsedTime(Volatile.Read(ref _disconnectedAt));

    public void Replace(RouteTable table)
    {
        _applied = new AppliedTable(new RoutingSnapshot(table), timeProvider.GetUtcNow());
        Interlocked.Exchange(ref _replaced, NewSource()).SetResult();
    }

    public void Apply(HealthDelta delta)
    {
        lock (_gate)
        {
            // Readers hold the one before: every request asks of all its candidates, and changes are rare.
            var changed = new Dictionary<string, DeploymentHealth>(_health, StringComparer.Ordinal);
            foreach (var health in delta.Deployments)
            {
                if (health.State is HealthState.Healthy or HealthState.Unspecified)
                    changed.Remove(health.Deployment);
                else
                    changed[health.Deployment] = health;
            }

            _health = changed;
        }
    }

    /// <summary>True while a deployment is not to be asked.</summary>
    public bool IsCooling(DeploymentHealth health) =>
        health.State == HealthState.Cooling && (health.Until is null || health.Until.ToDateTimeOffset() > timeProvider.GetUtcNow());

    /// <summary>What was heard of deployments that are not healthy, by their id.</summary>
    public IReadOnlyDictionary<string, DeploymentHealth> Unhealthy => _health;

    public void MarkConnected() => _connected = true;

    public void MarkDisconnected()
    {
        if (!_connected)
            return;
        Volatile.Write(ref _disconnectedAt, timeProvider.GetTimestamp());
        _connected = false;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A table in use, and since when.</summary>
internal sealed record AppliedTable(RoutingSnapshot Snapshot, DateTimeOffset At);
