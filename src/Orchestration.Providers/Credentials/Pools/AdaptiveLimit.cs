namespace Orchestration.Providers.Credentials.Pools;

/// <summary>How many requests a key may have under way: halved when its vendor says "too many", one more for each full round that went well.</summary>
internal sealed class AdaptiveLimit
{
    private const double Forgotten = 1000;

    // A burst that was sent under one limit says only once that the limit was too high.
    private static readonly TimeSpan OneVerdict = TimeSpan.FromSeconds(1);
    private double? _found;
    private DateTimeOffset _halvedAt = DateTimeOffset.MinValue;

    /// <summary>What is allowed now under an operator's limit, where 0 means none; 0 when nothing limits it.</summary>
    public int Allowed(int configured) => _found is not { } found ? configured
        : configured > 0 ? Math.Min(configured, (int)found)
        : (int)found;

    public void TooMany(int inFlight, DateTimeOffset now)
    {
        if (now - _halvedAt < OneVerdict) return;
        _halvedAt = now;
        _found = Math.Max(1, Math.Min(_found ?? inFlight, inFlight) / 2.0);
    }

    public void WentWell(int inFlight, int configured)
    {
        // A limit that is not used is not proved by success.
        if (_found is not { } found || inFlight < found / 2) return;
        var raised = found + 1 / found;
        _found = raised >= (configured > 0 ? configured : Forgotten) ? null : raised;
    }
}
