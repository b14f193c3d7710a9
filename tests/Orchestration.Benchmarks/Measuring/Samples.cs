namespace Orchestration.Benchmarks.Measuring;

/// <summary>Measured durations in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];
    private bool _sorted = true;

    public int Count => _values.Count;

    public void Add(double milliseconds)
    {
        _values.Add(milliseconds);
        _sorted = false;
    }

    public void Add(IEnumerable<double> milliseconds)
    {
        _values.AddRange(milliseconds);
        _sorted = false;
    }

    /// <summary>The value that a share of the samples does not pass; NaN without samples.</summary>
    public double Quantile(double share)
    {
        if (_values.Count == 0)
            return double.NaN;
        if (!_sorted)
            _values.Sort();
        _sorted = true;
        return _values[Math.Min(_values.Count - 1, (int)Math.Ceiling(share * _values.Count) - 1)];
    }

    public double Mean => _values.Count == 0 ? double.NaN : _values.Average();
}
