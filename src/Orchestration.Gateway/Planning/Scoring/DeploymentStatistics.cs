using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What this gateway has seen of a deployment of late.</summary>
internal sealed class DeploymentStatistics
{
    /// <summary>Assumed of a deployment that nothing is known of.</summary>
    public const double FirstTokenPrior = 1_000;

    /// <summary>Assumed of a deployment that nothing is known of.</summary>
    public const double PerTokenPrior = 20;

    private const double PriorWeight = 3;
    private const double HealthPrior = 5;
    private const double HalfLifeSeconds = 60;
    private const long FewestTokensForPace = 8;
    private readonly Lock _gate = new();
    private readonly LearnedValue _firstToken = new();
    private readonly LearnedValue _perToken = new();
    private readonly LearnedValue _cachedShare = new();
    private readonly FadingQuantile _slowFirstToken = new(0.95);
    private double _slow;
    private double _attempts;
    private double _failures;
    private double _limited;
    private double _at;

    /// <summary>Milliseconds to the first token: the average, with a quarter of the way to the 95th percentile.</summary>
    public double FirstToken
    {
        get
        {
            var mean = _firstToken.Over(FirstTokenPrior, PriorWeight);
            return mean + (0.25 * Math.Max(0, Volatile.Read(ref _slow) - mean));
        }
    }

    /// <summary>Milliseconds per token of the answer.</summary>
    public double PerToken => _perToken.Over(PerTokenPrior, PriorWeight);

    /// <summary>Part of a prompt that comes from the provider's cache once it is warm there.</summary>
    public double CachedShare => _cachedShare.Over(0, 1);

    /// <summary>Part of late attempts that failed by the deployment's fault; held towards none, and forgotten with time.</summary>
    public double FailureShare(double seconds) => Share(Volatile.Read(ref _failures), seconds);

    /// <summary>Part of late attempts that the provider refused for coming too often.</summary>
    public double LimitedShare(double seconds) => Share(Volatile.Read(ref _limited), seconds);

    /// <param name="attempt">An attempt that ended.</param>
    /// <param name="wasWarm">True when the prompt's beginning had been here before.</param>
    /// <param name="seconds">A clock that nobody sets.</param>
    public void Observe(AttemptSummary attempt, bool wasWarm, double seconds)
    {
        lock (_gate)
        {
            Fade(seconds);
            _attempts++;
            if (attempt.Failure is { } failure)
                Count(failure);
        }

        if (attempt.Outcome == AttemptOutcome.Succeeded)
            Time(attempt);
        if (wasWarm && attempt.Usage is { } usage && usage.TotalInput() is > 0 and var input)
            _cachedShare.Observe((double)usage.CacheReadTokens / input, 0);
    }

    private void Time(AttemptSummary attempt)
    {
        if (attempt.TimeToFirstToken?.ToTimeSpan().TotalMilliseconds is not { } firstToken)
            return;
        _firstToken.Observe(firstToken, 0);
        lock (_gate)
        {
            _slowFirstToken.Observe(firstToken);
            Volatile.Write(ref _slow, _slowFirstToken.Value);
        }

        var output = attempt.Usage?.TotalOutput() ?? 0;
        if (output >= FewestTokensForPace && attempt.Duration is { } duration)
            _perToken.Observe(Math.Max(0, duration.ToTimeSpan().TotalMilliseconds - firstToken) / output, 0);
    }

    private void Count(Failure failure)
    {
        if (failure.FailureClass is FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency)
            Volatile.Write(ref _limited, _limited + 1);
        else if (!IsOfRequest(failure.FailureClass))
            Volatile.Write(ref _failures, _failures + 1);
    }

    // What any deployment would have said to this request tells nothing of the deployment.
    private static bool IsOfRequest(FailureClass failure) => failure is FailureClass.ProviderInvalidRequest or FailureClass.ContextLength
        or FailureClass.ContentFilter or FailureClass.InvalidRequest or FailureClass.TooLarge or FailureClass.BudgetExhausted or FailureClass.DeadlineExceeded;

    private double Share(double count, double seconds)
    {
        if (count == 0)
            return 0;
        var faded = double.Exp2((Volatile.Read(ref _at) - seconds) / HalfLifeSeconds);
        return count * faded / ((Volatile.Read(ref _attempts) * faded) + HealthPrior);
    }

    private void Fade(double seconds)
    {
        var faded = double.Exp2((_at - seconds) / HalfLifeSeconds);
        Volatile.Write(ref _attempts, _attempts * faded);
        Volatile.Write(ref _failures, _failures * faded);
        Volatile.Write(ref _limited, _limited * faded);
        Volatile.Write(ref _at, seconds);
    }
}
