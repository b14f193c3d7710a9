namespace Orchestration.Gateway.Limits;

/// <summary>What this process itself let in by one counter, in the same parts of a window as in Redis.</summary>
internal sealed class LocalWindow(LimitCounter counter)
{
    private readonly List<(long Part, long Count)> _parts = [];
    private long _total;

    public LimitCounter Counter => counter;

    /// <summary>What Redis has not been told; negative when it was told too much.</summary>
    public long Untold { get; set; }

    /// <summary>What Redis last said; null when it never did.</summary>
    public LocalNews? News { get; set; }

    public long LastUsed { get; private set; }

    /// <summary>What was let in within the window that ends now; for concurrency, what runs.</summary>
    public long Total(long now)
    {
        LastUsed = now;
        if (counter.IsConcurrency)
            return _total;
        var oldest = (now / counter.PartMilliseconds) - LimitCounter.Parts;
        var gone = 0;
        while (gone < _parts.Count && _parts[gone].Part < oldest)
            _total -= _parts[gone++].Count;
        _parts.RemoveRange(0, gone);
        return _total;
    }

    /// <summary>Adds to the part in which a time lies, or corrects it.</summary>
    public void Add(long at, long amount)
    {
        if (counter.IsConcurrency)
        {
            _total = Math.Max(0, _total + amount);
            return;
        }

        var part = at / counter.PartMilliseconds;
        var index = _parts.FindLastIndex(known => known.Part <= part);
        if (index < 0 || _parts[index].Part != part)
            _parts.Insert(++index, (part, 0));
        var change = Math.Max(amount, -_parts[index].Count);
        _parts[index] = (part, _parts[index].Count + change);
        _total += change;
    }
}

/// <summary>What Redis said of a counter.</summary>
/// <param name="Total">Count of all gateways.</param>
/// <param name="Own">What this process had let in of it.</param>
/// <param name="At">When that was, in milliseconds.</param>
internal sealed record LocalNews(long Total, long Own, long At);
