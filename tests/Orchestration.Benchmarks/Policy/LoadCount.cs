using System.Collections.Concurrent;
using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Policy;

/// <summary>What was answered while something happened.</summary>
internal sealed class LoadCount
{
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private int _mixed;

    public int Answered => _milliseconds.Count;

    public int Failed => _failures.Values.Sum();

    /// <summary>Answers that do not belong to exactly one version.</summary>
    public int Mixed => Volatile.Read(ref _mixed);

    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <param name="answer">What came.</param>
    /// <param name="isWhole">Whether it is what one version says.</param>
    public void Add(LoadAnswer answer, bool isWhole)
    {
        if (answer.Failure is { } failure)
        {
            _failures.AddOrUpdate(failure, 1, (_, seen) => seen + 1);
            return;
        }

        _milliseconds.Enqueue(answer.Milliseconds);
        if (!isWhole)
            Interlocked.Increment(ref _mixed);
    }

    public double Quantile(double part)
    {
        var samples = new Samples();
        samples.Add(_milliseconds);
        return samples.Quantile(part);
    }
}
