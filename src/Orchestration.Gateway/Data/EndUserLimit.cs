namespace Orchestration.Gateway.Data;

/// <summary>Limits of one end user; they stand in place of the project's limits for each end user.</summary>
internal sealed class EndUserLimit
{
    public required string TenantId { get; init; }

    /// <summary>Hash of the client's id of its user, as the ledger knows it.</summary>
    public required string EndUser { get; init; }

    /// <summary>True when nothing is served to this end user.</summary>
    public bool Blocked { get; set; }

    public List<LimitRule> Limits { get; set; } = [];

    public required DateTimeOffset UpdatedAt { get; set; }
}
