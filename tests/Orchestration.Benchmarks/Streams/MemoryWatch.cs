using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Streams;

/// <summary>Resident memory of processes: before, and the most while something runs.</summary>
internal sealed class MemoryWatch(IReadOnlyDictionary<string, int> processes)
{
    private readonly Dictionary<string, double> _peak = [];

    public IReadOnlyDictionary<string, double> Before { get; } =
        processes.ToDictionary(process => process.Key, process => ProcessTable.ResidentMegabytes(process.Value));

    public IReadOnlyDictionary<string, double> Peak => _peak;

    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var (name, pid) in processes)
                _peak[name] = Math.Max(_peak.GetValueOrDefault(name), ProcessTable.ResidentMegabytes(pid));
            await Task.Delay(interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
