namespace Orchestration.Gateway.Limits;

/// <summary>What a running request has taken of its limits.</summary>
/// <param name="Counters">What it counts against.</param>
/// <param name="Local">True when this process let it in without Redis.</param>
/// <param name="TakenAt">Time of Redis in milliseconds; of this process when local.</param>
/// <param name="CountedAt">Time of this process in milliseconds.</param>
internal sealed record LimitHold(IReadOnlyList<LimitCounter> Counters, bool Local, long TakenAt, long CountedAt)
{
    public static readonly LimitHold Nothing = new([], true, 0, 0);
}

/// <summary>What taking the limits came to.</summary>
/// <param name="Refusing">Counter that has too little left; null when all were taken.</param>
/// <param name="WaitMilliseconds">Wait until it has enough; negative when it never will.</param>
/// <param name="Hold">What was taken; null when nothing was.</param>
/// <param name="Left">What is left of each counter, in their order.</param>
internal sealed record LimitTaking(LimitCounter? Refusing, long WaitMilliseconds, LimitHold? Hold, IReadOnlyList<long> Left)
{
    /// <summary>Of a request that no limit counts.</summary>
    public static readonly LimitTaking Nothing = new(null, 0, LimitHold.Nothing, []);
}
