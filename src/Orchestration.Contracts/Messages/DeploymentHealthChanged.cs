namespace Orchestration.Contracts.Messages;

/// <summary>A replica of Providers changed its mind about a deployment; the others and Routing share it.</summary>
public sealed record DeploymentHealthChanged
{
    /// <summary>Id of the deployment in the policy.</summary>
    public required string Deployment { get; init; }

    /// <summary>"healthy", "probing" or "cooling".</summary>
    public required string State { get; init; }

    /// <summary>Code of the failure behind the change; empty when healthy.</summary>
    public required string Reason { get; init; }

    /// <summary>Earliest time of the next try, UTC; null when healthy. Only ever extended.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When the change happened, UTC; older news never overwrite newer.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
