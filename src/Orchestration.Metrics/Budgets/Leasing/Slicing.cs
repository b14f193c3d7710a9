namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>How much of a budget is handed out at once.</summary>
internal static class Slicing
{
    private const decimal Share = 0.02m;
    private const int FractionDigits = 15;

    /// <summary>
    /// The request's worst case or, if that is more, a share of the rest that keeps the gateway going for a while; never more than the rest.
    /// </summary>
    public static decimal Of(decimal worstCase, decimal left, decimal largestAhead)
    {
        var ahead = Math.Min(largestAhead, decimal.Round(left * Share, FractionDigits, MidpointRounding.ToZero));
        return Math.Min(left, Math.Max(worstCase, ahead));
    }
}
