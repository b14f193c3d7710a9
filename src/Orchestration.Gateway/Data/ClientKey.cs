namespace Orchestration.Gateway.Data;

/// <summary>A key for inference. Operators' keys are another table, so that neither can ever pass for the other.</summary>
internal sealed class ClientKey
{
    public required string TenantId { get; init; }

    /// <summary>The part of the key that may be shown; unique over all tenants.</summary>
    public required string PublicId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    public required byte[] SecretHash { get; set; }

    public required int PepperVersion { get; set; }

    /// <summary>"active" or "revoked".</summary>
    public required string Status { get; set; }

    /// <summary>Grows with every change.</summary>
    public required int Version { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}
