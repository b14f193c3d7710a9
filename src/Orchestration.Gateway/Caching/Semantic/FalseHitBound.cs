namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>One-sided bounds of a share that was seen in a sample, by Clopper and Pearson: exact, and never too bold.</summary>
internal static class FalseHitBound
{
    private const double Doubt = 0.05;
    private const int Halvings = 40;

    /// <summary>The share is at most this, with 95 % confidence.</summary>
    public static double Upper(int falseHits, int hits)
    {
        if (hits == 0 || falseHits >= hits)
            return 1;
        return Solve(share => AtMost(falseHits, hits, share) > Doubt);
    }

    /// <summary>The share is at least this, with 95 % confidence.</summary>
    public static double Lower(int falseHits, int hits) =>
        falseHits == 0 ? 0 : Solve(share => 1 - AtMost(falseHits - 1, hits, share) < Doubt);

    // The share at which a condition that holds for small ones ceases to hold.
    private static double Solve(Func<double, bool> holds)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Probability of at most so many of a binomial number; the terms are summed by their ratio, in logarithms against underflow.
    private static double AtMost(int most, int count, double share)
    {
        if (share <= 0)
            return 1;
        if (share >= 1)
            return most >= count ? 1 : 0;
        var logTerm = count * Math.Log(1 - share);
        var sum = Math.Exp(logTerm);
        for (var i = 1; i <= most; i++)
        {
            logTerm += Math.Log((count - i + 1) / (double)i) + Math.Log(share / (1 - share));
            sum += Math.Exp(logTerm);
        }

        return Math.Min(sum, 1);
    }
}
