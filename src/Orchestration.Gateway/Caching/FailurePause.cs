namespace Orchestration.Gateway.Caching;

/// <summary>Leaves a store alone for a while after failures in a row, so that its trouble is not waited for by every request.</summary>
internal sealed class FailurePause(int failuresBefore, TimeSpan pause, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _pausedAt;

    public bool IsOn
    {
        get
        {
            lock (_gate)
                return _failures >= failuresBefore && timeProvider.GetElapsedTime(_pausedAt) < pause;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
            _failures = 0;
    }

    public void Failed()
    {
        lock (_gate)
            (_failures, _pausedAt) = (_failures + 1, timeProvider.GetTimestamp());
    }
}
