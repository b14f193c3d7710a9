namespace Orchestration.Providers.Execution;

/// <summary>Bounds repeats of the same call to a fifth of recent requests, so that a provider in trouble is not asked twice as often.</summary>
internal sealed class RetryBudget
{
    private const double PerRequest = 0.2;
    private const double Most = 20;
    private readonly Lock _gate = new();
    private double _tokens = Most;

    public void RequestMade()
    {
        lock (_gate) _tokens = Math.Min(Most, _tokens + PerRequest);
    }

    public bool TryTake()
    {
        lock (_gate)
        {
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
    }
}
