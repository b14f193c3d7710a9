namespace Orchestration.Gateway.Data;

/// <summary>Who pays. Ids are never reused.</summary>
internal sealed class Tenant
{
    public required string TenantId { get; init; }

    public required string Name { get; set; }

    /// <summary>Billing currency, ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <summary>IANA name; decides where days and months of reports and budgets begin.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>"active" or "suspended".</summary>
    public string Status { get; set; } = AccountStatus.Active;

    /// <summary>What all requests of the tenant together may do.</summary>
    public List<LimitRule> Limits { get; set; } = [];

    /// <summary>Days that prompts and answers are kept; 0 keeps none.</summary>
    public int CaptureDays { get; set; }

    /// <summary>Grows with every change.</summary>
    public int Version { get; set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }
}
