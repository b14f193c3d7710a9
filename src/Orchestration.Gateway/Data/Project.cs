namespace Orchestration.Gateway.Data;

/// <summary>A part of a tenant that keys belong to.</summary>
internal sealed class Project
{
    public required string TenantId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
