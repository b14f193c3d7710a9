namespace Orchestration.Gateway.Data;

/// <summary>Who pays. Ids are never reused.</summary>
internal sealed class Tenant
{
    public required string TenantId { get; init; }

    public required string Name { get; set; }

    /// <summary>Billing currency, ISO 4217.</summary>
    public required string Currency { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
