namespace Orchestration.Providers.Health;

/// <summary>
/// Tells when a first token comes far later than this deployment's usually do. Usual is the mean of the last quarter of an hour, fading: of
/// numbers above zero no more than one in N can be N times their mean, so traffic that stays as it is cannot become a reason for alarm, and
/// a deployment that stays slow is what is usual after a while.
/// </summary>
internal sealed class FirstTokenWatch(BreakerOptions options, TimeProvider time)
{
    private const double Enough = 64;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private double _seconds;
    private double _answers;
    private long _taughtAt;

    public bool IsSlow(TimeSpan firstToken) =>
        options.SlowFirstTokenFactor > 0 && _answers >= Enough && firstToken > options.SlowFirstTokenFloor
        && firstToken.TotalSeconds * _answers > _seconds * options.SlowFirstTokenFactor;

    public void Learn(TimeSpan firstToken)
    {
        var left = Math.Exp(-(time.GetElapsedTime(_taughtAt) / Memory));
        (_seconds, _answers) = ((_seconds * left) + firstToken.TotalSeconds, (_answers * left) + 1);
        _taughtAt = time.GetTimestamp();
    }
}
