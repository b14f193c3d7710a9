namespace Orchestration.Gateway.Data;

/// <summary>A part of a tenant that keys belong to.</summary>
internal sealed class Project
{
    public required string TenantId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>"active" or "suspended".</summary>
    public string Status { get; set; } = AccountStatus.Active;

    /// <summary>Number that the tenant's own books know it by; may be empty.</summary>
    public string CostCentre { get; set; } = "";

    /// <summary>What all requests of the project together may do.</summary>
    public List<LimitRule> Limits { get; set; } = [];

    /// <summary>What each end user of the project may do unless a rule of its own says otherwise.</summary>
    public List<LimitRule> EndUserLimits { get; set; } = [];

    /// <summary>Grows with every change.</summary>
    public int Version { get; set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }
}
