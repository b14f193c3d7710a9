namespace Orchestration.Metrics.Rollups;

/// <summary>A row of <c>usage_failures</c>: what went wrong, by code.</summary>
internal sealed class UsageFailure
{
    public string TenantId { get; init; } = "";

    /// <summary>Start of the quarter of an hour in which the requests began.</summary>
    public DateTimeOffset Bucket { get; init; }

    /// <summary>True for attempts, false for requests.</summary>
    public bool OfAttempts { get; init; }

    /// <summary>Code of the failure; "other" for what is not the form of a code.</summary>
    public string Code { get; init; } = "";
    public string ProjectId { get; init; } = "";
    public string KeyId { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public bool Simulated { get; init; }
    public long Count { get; init; }
}
