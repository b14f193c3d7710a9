namespace Orchestration.Metrics.Querying;

/// <summary>
/// How many rows a search looks through at once, and how long in all. Windows grow while they are quick and shrink while they are
/// not, so that a cold disk or a busy machine does not turn the last one into a long wait.
/// </summary>
internal sealed class SearchPace(TimeProvider timeProvider)
{
    private const int Smallest = 1_000;
    private const int Largest = 16_000;
    private const int Factor = 4;

    private static readonly TimeSpan PageTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(40);

    private readonly long _begun = timeProvider.GetTimestamp();
    private long _last = timeProvider.GetTimestamp();

    /// <summary>Rows of the next window.</summary>
    public int Window { get; private set; } = Smallest;

    /// <summary>Takes note that a window has been looked through; false when the page's time is over.</summary>
    public bool GoOn()
    {
        var now = timeProvider.GetTimestamp();
        var took = timeProvider.GetElapsedTime(_last, now);
        _last = now;
        if (took < Quick)
            Window = Math.Min(Window * Factor, Largest);
        else if (took > Slow)
            Window = Math.Max(Window / Factor, Smallest);
        return timeProvider.GetElapsedTime(_begun, now) < PageTime;
    }
}
