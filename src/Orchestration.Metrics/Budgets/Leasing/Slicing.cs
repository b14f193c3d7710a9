namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>How much of a budget is handed out at once.</summary>
internal static class Slicing
{
    private const decimal Share = 0.02m;
    private const int FractionDigits = 15;

    /// <summary>
    /// The request's worst case or, if that is more, a share of the rest that keeps the gateway going for a while; never more than the rest.
    /// </summary>
    public static decimal Of(decimal worstCase, decimal left, decimal largestAhead) => Math.Min(left, Math.Max(worstCase, ShareOf(left, largestAhead)));

    /// <summary>
    /// The same for a request that may come: nothing when a share of the rest is no worst case any more, since what lies idle in one gateway
    /// towards the end is missing in another.
    /// </summary>
    public static decimal Ahead(decimal worstCase, decimal left, decimal largestAhead) =>
        ShareOf(left, largestAhead) is var share && share >= worstCase ? share : 0;

    private static decimal ShareOf(decimal left, decimal largestAhead) => Math.Min(largestAhead, decimal.Round(left * Share, FractionDigits, MidpointRounding.ToZero));
}
