using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Gateway;

/// <summary>What was measured of one target with one number of clients.</summary>
internal sealed class TargetFigures(LoadTarget target, int clients)
{
    private TimeSpan _elapsed;

    public LoadTarget Target => target;

    public int Clients => clients;

    public Samples Latency { get; } = new();

    public double PerSecond => Latency.Count / _elapsed.TotalSeconds;

    /// <summary>CPU time per request over all processes of the target; NaN for a target without.</summary>
    public double CpuMicroseconds => target.Cpu.Seconds.Count == 0 ? double.NaN : target.Cpu.Total * 1e6 / Latency.Count;

    public void Add(LoadResult result)
    {
        Latency.Add(result.Latencies);
        _elapsed += result.Elapsed;
    }
}
