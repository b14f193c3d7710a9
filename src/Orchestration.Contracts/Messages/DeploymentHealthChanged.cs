namespace Orchestration.Contracts.Messages;

/// <summary>A replica of Providers changed its mind about a deployment; the others and Routing share it.</summary>
public sealed record DeploymentHealthChanged
{
    /// <summary>Id of the deployment in the policy.</summary>
    public required string Deployment { get; init; }

    /// <summary>
    /// "healthy"; "cooling" (its provider asked for a rest: not asked before <see cref="Until"/>); "open" (it fails too often: left
    /// alone where others can answer); "probing" (the same, with a probe now and then).
    /// </summary>
    public required string State { get; init; }

    /// <summary>Code of the failure behind the change; empty when healthy.</summary>
    public required string Reason { get; init; }

    /// <summary>Earliest time of the next try, UTC; null when healthy. Only ever extended.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The replica that tells; it needs no telling itself.</summary>
    public Guid Replica { get; init; }

    /// <summary>When the change happened, UTC; older news never overwrite newer.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
