namespace Orchestration.Simulator.Traffic;

/// <summary>Holds an answer to its timetable: each token is due at a time from the start, so that delays do not add up.</summary>
internal sealed class Pace(TimeProvider time, RequestShape shape)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Until(int token) =>
        TimeSpan.FromMilliseconds(shape.FirstTokenMs + token * shape.TokenMs) - time.GetElapsedTime(_start);

    /// <summary>How many tokens are due by now.</summary>
    public int TokensDone(int most)
    {
        var since = ElapsedMs - shape.FirstTokenMs;
        return since < 0 ? 0 : shape.TokenMs <= 0 ? most : (int)Math.Min(most, since / shape.TokenMs);
    }

    /// <summary>Waits until a token is due; false when the client has left meanwhile.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
            return !cancellationToken.IsCancellationRequested;
        // A timer cuts a delay down to whole milliseconds, which would end before the token is due.
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }

    public double ElapsedMs => time.GetElapsedTime(_start).TotalMilliseconds;
}
