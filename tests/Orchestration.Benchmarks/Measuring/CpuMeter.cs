using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Measuring;

/// <summary>CPU time that named processes use while something runs.</summary>
internal sealed class CpuMeter(IReadOnlyDictionary<string, IReadOnlyList<int>> processes)
{
    private readonly Dictionary<string, double> _seconds = processes.Keys.ToDictionary(name => name, _ => 0d);

    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    public double Total => _seconds.Values.Sum();

    public async Task<T> AroundAsync<T>(Func<Task<T>> work)
    {
        var before = Read();
        var result = await work();
        foreach (var (name, value) in Read())
            _seconds[name] += value - before[name];
        return result;
    }

    private Dictionary<string, double> Read() =>
        processes.ToDictionary(process => process.Key, process => process.Value.Sum(ProcessTable.CpuSecondsOfTree));
}
