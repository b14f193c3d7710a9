namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>A quantile over late observations: counts in steps of a fifth, halved whenever enough came together. Guarded by its owner.</summary>
internal sealed class FadingQuantile(double quantile)
{
    private const int Steps = 64;
    private const float MostCounted = 256;
    private static readonly double LogOfStep = Math.Log(1.2);
    private readonly float[] _counts = new float[Steps];
    private float _total;

    /// <summary>Upper end of the step that the quantile lies in; 0 before the first observation.</summary>
    public double Value { get; private set; }

    /// <param name="value">In any unit; from 1 to about 100,000 it is told apart.</param>
    public void Observe(double value)
    {
        _counts[Math.Clamp((int)(Math.Log(Math.Max(1, value)) / LogOfStep), 0, Steps - 1)]++;
        if (++_total >= MostCounted)
            Halve();
        var below = 0f;
        var step = 0;
        while (step < Steps - 1 && (below += _counts[step]) < _total * quantile)
            step++;
        Value = Math.Exp((step + 1) * LogOfStep);
    }

    private void Halve()
    {
        for (var i = 0; i < Steps; i++)
            _counts[i] /= 2;
        _total /= 2;
    }
}
