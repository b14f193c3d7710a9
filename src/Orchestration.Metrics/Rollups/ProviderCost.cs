namespace Orchestration.Metrics.Rollups;

/// <summary>A row of <c>provider_costs</c>: what a provider will bill, in the currency of its prices.</summary>
internal sealed class ProviderCost
{
    public string TenantId { get; init; } = "";

    /// <summary>Start of the quarter of an hour in which the requests began.</summary>
    public DateTimeOffset Bucket { get; init; }
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";

    /// <summary>Currency of <see cref="Cost"/>.</summary>
    public string CostCurrency { get; init; } = "";

    /// <summary>Currency of <see cref="Billed"/>, the tenant's.</summary>
    public string Currency { get; init; } = "";
    public bool Simulated { get; init; }
    public long Attempts { get; init; }
    public decimal Cost { get; init; }
    public decimal Billed { get; init; }
}
