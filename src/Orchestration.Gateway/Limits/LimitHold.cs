namespace Orchestration.Gateway.Limits;

/// <summary>What a running request has taken of its limits.</summary>
/// <param name="Counters">What it counts against.</param>
/// <param name="Local">True when this process counted it alone.</param>
/// <param name="TakenAt">Time of Redis, or of this process when local, in milliseconds.</param>
internal sealed record LimitHold(IReadOnlyList<LimitCounter> Counters, bool Local, long TakenAt)
{
    public static readonly LimitHold Nothing = new([], true, 0);
}

/// <summary>What taking the limits came to.</summary>
/// <param name="Refusing">Counter that has too little left; null when all were taken.</param>
/// <param name="WaitMilliseconds">Wait until it has enough; negative when it never will.</param>
/// <param name="Hold">What was taken; null when nothing was.</param>
internal sealed record LimitTaking(LimitCounter? Refusing, long WaitMilliseconds, LimitHold? Hold);
