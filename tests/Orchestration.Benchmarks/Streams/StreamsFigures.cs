using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Streams;

/// <summary>What was measured of one target.</summary>
internal sealed class StreamsFigures
{
    public StreamsFigures(LoadTarget target, IReadOnlyList<StreamRecord> records, MemoryWatch memory)
    {
        Target = target;
        Memory = memory;
        Whole = records.Count(record => record.Done);
        Events = records.Sum(record => (long)record.Events);
        foreach (var record in records.Where(record => !double.IsNaN(record.FirstToken)))
            FirstToken.Add(record.FirstToken);
        foreach (var record in records)
            Gaps.Add(record.Gaps);
    }

    public LoadTarget Target { get; }

    public MemoryWatch Memory { get; }

    /// <summary>Streams that ended with the end marker.</summary>
    public int Whole { get; }

    public long Events { get; }

    public Samples FirstToken { get; } = new();

    public Samples Gaps { get; } = new();

    /// <summary>CPU time per event over our processes without the simulator; NaN for a direct call.</summary>
    public double CpuMicroseconds => Target.Cpu.Seconds.Count == 0
        ? double.NaN
        : Target.Cpu.Seconds.Where(process => process.Key != "simulator").Sum(process => process.Value) * 1e6 / Events;
}
