namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>
/// A value that is learned from what was seen: the mean at first, later an average in which old values fade. Readers take no lock; they may see
/// one observation half entered, which moves a prediction by less than one sample does.
/// </summary>
internal sealed class LearnedValue
{
    // About the last forty observations count.
    private const double SlowestPace = 0.05;
    private readonly Lock _gate = new();
    private double _mean;
    private double _error;
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Mean relative error of late predictions.</summary>
    public double Error => Volatile.Read(ref _error);

    /// <summary>The learned value, held towards a prior while little was seen.</summary>
    public double Over(double prior, double priorWeight)
    {
        var weight = Math.Min(Count, 1 / SlowestPace);
        if (weight == 0)
            return prior;
        return ((prior * priorWeight) + (Volatile.Read(ref _mean) * weight)) / (priorWeight + weight);
    }

    /// <param name="value">What was seen.</param>
    /// <param name="missedBy">By which part of it the prediction was wrong.</param>
    public void Observe(double value, double missedBy)
    {
        lock (_gate)
        {
            var pace = Math.Max(SlowestPace, 1.0 / (_count + 1));
            Volatile.Write(ref _mean, _mean + (pace * (value - _mean)));
            Volatile.Write(ref _error, _error + (pace * (missedBy - _error)));
            Volatile.Write(ref _count, _count + 1);
        }
    }
}
