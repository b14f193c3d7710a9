namespace Orchestration.Metrics.Rollups;

/// <summary>A row of <c>latency_sketches</c>: how often something took how long, mergeable by addition.</summary>
/// <remarks>
/// By provider and model the times are those of successful attempts, from their start; by any other dimension those of
/// successful requests, from their admission.
/// </remarks>
internal sealed class LatencySketch
{
    public string TenantId { get; init; } = "";
    public string Dimension { get; init; } = "";

    /// <summary><see cref="SliceGrain.Hour"/> or <see cref="SliceGrain.Day"/>.</summary>
    public string Grain { get; init; } = "";
    public DateTimeOffset Bucket { get; init; }
    public string Value { get; init; } = "";
    public string Detail { get; init; } = "";
    public bool Simulated { get; init; }

    /// <summary>One of <see cref="LatencyMeasure"/>.</summary>
    public string Measure { get; init; } = "";

    /// <summary>Steps of <see cref="LatencySteps"/> that have a count, in no order; one may stand more than once and counts as the sum.</summary>
    public int[] Steps { get; init; } = [];

    /// <summary>Count of each of <see cref="Steps"/>.</summary>
    public long[] Counts { get; init; } = [];
}

/// <summary>What a sketch measures.</summary>
internal static class LatencyMeasure
{
    public const string Duration = "duration";
    public const string FirstToken = "first_token";
}
