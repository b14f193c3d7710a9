namespace Orchestration.Gateway.Limits;

/// <summary>One counter of this process, in the same parts of a window as in Redis.</summary>
internal sealed class LocalWindow
{
    private readonly Queue<(long Part, long Count)> _parts = new();
    private long _total;

    /// <summary>What all gateways had counted when Redis was last heard, and when that was.</summary>
    public (long Total, long At) LastKnown { get; set; }

    public long LastUsed { get; private set; }

    public long Total(LimitCounter counter, long now)
    {
        LastUsed = now;
        while (_parts.TryPeek(out var oldest) && oldest.Part < (now / counter.PartMilliseconds) - LimitCounter.Parts)
            _total -= _parts.Dequeue().Count;
        return _total;
    }

    public void Add(LimitCounter counter, long now, long amount)
    {
        _parts.Enqueue((now / counter.PartMilliseconds, amount));
        _total += amount;
    }

    public long KnownElsewhere(LimitCounter counter, long now) =>
        now - LastKnown.At <= counter.PartMilliseconds * (LimitCounter.Parts + 1) ? LastKnown.Total : 0;

    public long TakeAll(LimitCounter counter, long now)
    {
        var total = Total(counter, now);
        _parts.Clear();
        _total = 0;
        return total;
    }
}
