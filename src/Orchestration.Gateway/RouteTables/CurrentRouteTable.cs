using System.Collections.Concurrent;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.RouteTables;

/// <summary>The route table that this gateway plans by now, and what it heard of its deployments' health.</summary>
internal sealed class CurrentRouteTable(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, DeploymentHealth> _health = new(StringComparer.Ordinal);
    private volatile RoutingSnapshot? _snapshot;
    private volatile bool _connected;
    private long _disconnectedAt = timeProvider.GetTimestamp();

    /// <summary>Null until the first table came, from Routing or from disk.</summary>
    public RoutingSnapshot? Snapshot => _snapshot;

    public bool IsConnected => _connected;

    /// <summary>Time since Routing was last connected; zero while it is.</summary>
    public TimeSpan Age => _connected ? TimeSpan.Zero : timeProvider.GetElapsedTime(Volatile.Read(ref _disconnectedAt));

    public void Replace(RouteTable table) => _snapshot = new RoutingSnapshot(table);

    public void Apply(HealthDelta delta)
    {
        foreach (var health in delta.Deployments)
        {
            if (health.State is HealthState.Healthy or HealthState.Unspecified)
                _health.TryRemove(health.Deployment, out _);
            else
                _health[health.Deployment] = health;
        }
    }

    /// <summary>True while a deployment is not to be asked.</summary>
    public bool IsCooling(string deployment) =>
        _health.TryGetValue(deployment, out var health)
        && health.State == HealthState.Cooling
        && (health.Until is null || health.Until.ToDateTimeOffset() > timeProvider.GetUtcNow());

    public void MarkConnected() => _connected = true;

    public void MarkDisconnected()
    {
        if (!_connected)
            return;
        Volatile.Write(ref _disconnectedAt, timeProvider.GetTimestamp());
        _connected = false;
    }
}
