namespace Orchestration.Metrics.Rollups;

/// <summary>
/// Logarithmic steps of milliseconds: whatever falls into a step is told by its middle with an error of at most 2 %. Sketches
/// of the same steps are merged by adding counts, so that a percentile of a year is as exact as one of an hour.
/// </summary>
internal static class LatencySteps
{
    private const double RelativeError = 0.02;
    private const double Growth = (1 + RelativeError) / (1 - RelativeError);

    // One day; nothing that anyone waits for takes longer.
    private const double Longest = 86_400_000;

    private static readonly double LogGrowth = Math.Log(Growth);

    /// <summary>Step 0 holds everything up to a millisecond.</summary>
    public static int Of(double milliseconds) =>
        milliseconds <= 1 ? 0 : (int)Math.Ceiling(Math.Log(Math.Min(milliseconds, Longest)) / LogGrowth);

    /// <summary>The milliseconds that a step stands for.</summary>
    public static double Middle(int step) => step == 0 ? 1 : 2 * Math.Pow(Growth, step) / (Growth + 1);

    /// <summary>The value below which a share of all counts lies; null without counts.</summary>
    /// <param name="steps">Counts by step.</param>
    /// <param name="share">0 to 1: 0.95 for the 95th percentile.</param>
    public static double? Percentile(IReadOnlyDictionary<int, long> steps, double share)
    {
        var total = steps.Values.Sum();
        if (total <= 0)
            return null;

        var rank = Math.Max(1, (long)Math.Ceiling(total * share));
        foreach (var (step, count) in steps.OrderBy(pair => pair.Key))
        {
            rank -= count;
            if (rank <= 0)
                return Middle(step);
        }

        return null;
    }
}
