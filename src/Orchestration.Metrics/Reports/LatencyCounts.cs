using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>How often something took how long.</summary>
internal sealed class LatencyCounts
{
    private readonly Dictionary<int, long> _steps = [];

    public long Count => _steps.Values.Sum();

    public void Add(int[] steps, long[] counts)
    {
        for (var index = 0; index < steps.Length; index++)
            Add(steps[index], counts[index]);
    }

    public void Add(LatencyCounts other)
    {
        foreach (var (step, count) in other._steps)
            Add(step, count);
    }

    /// <inheritdoc cref="LatencySteps.Percentile"/>
    public double? Percentile(double share) => LatencySteps.Percentile(_steps, share);

    private void Add(int step, long count) => _steps[step] = _steps.GetValueOrDefault(step) + count;
}
