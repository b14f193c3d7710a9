namespace Orchestration.Metrics.Rollups;

/// <summary>A row of <c>usage_cells</c>: usage of a quarter of an hour by all dimensions at once, for questions that cross them.</summary>
internal sealed class UsageCell : UsageMeasures
{
    public string TenantId { get; init; } = "";

    /// <summary>Start of the quarter of an hour in which the requests began.</summary>
    public DateTimeOffset Bucket { get; init; }
    public string ProjectId { get; init; } = "";
    public string KeyId { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Route { get; init; } = "";
    public string RequestClass { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string Currency { get; init; } = "";
    public bool Simulated { get; init; }
}
