using System.Collections.Concurrent;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// Counts while Redis does not: each gateway gives out an equal part of what was left of a limit when Redis was last heard, and an equal part
/// of the whole once that is a window ago, so that all of them together stay under it.
/// </summary>
internal sealed class LocalShare(TimeProvider timeProvider)
{
    private const int MostWindows = 100_000;

    private readonly Dictionary<string, LocalWindow> _windows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _running = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Gateways that were alive when Redis was last heard; this one at least.</summary>
    public int Gateways { get; set => field = Math.Max(1, value); } = 1;

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public LimitTaking Take(IReadOnlyList<LimitCounter> counters)
    {
        lock (_gate)
        {
            var now = Now;
            foreach (var counter in counters)
            {
                if (!Fits(counter, now))
                    return new LimitTaking(counter, counter.Taken > counter.Amount ? -1 : Math.Max(1_000, counter.PartMilliseconds), null);
            }
            foreach (var counter in counters)
            {
                if (counter.IsConcurrency)
                    _running.AddOrUpdate(counter.Key, 1, static (_, running) => running + 1);
                else
                    Window(counter.Key).Add(counter, now, counter.Taken);
            }
            return new LimitTaking(null, 0, new LimitHold(counters, true, now));
        }
    }

    /// <summary>Frees the places of a request that was counted here.</summary>
    public void Release(LimitHold hold)
    {
        lock (_gate)
        {
            foreach (var counter in hold.Counters)
            {
                if (!counter.IsConcurrency || !_running.TryGetValue(counter.Key, out var running))
                    continue;
                if (running <= 1)
                    _running.TryRemove(counter.Key, out _);
                else
                    _running[counter.Key] = running - 1;
            }
        }
    }

    /// <summary>Remembers what Redis counted.</summary>
    public void Learn(LimitCounter counter, long total)
    {
        lock (_gate)
        {
            if (_windows.Count >= MostWindows && !_windows.ContainsKey(counter.Key))
                _windows.Remove(_windows.MinBy(window => window.Value.LastUsed).Key);
            var window = Window(counter.Key);
            window.LastKnown = (total, Now);
        }
    }

    /// <summary>Takes out what was counted here and must be told to Redis.</summary>
    public long TakeOut(LimitCounter counter)
    {
        lock (_gate)
            return !counter.IsConcurrency && _windows.TryGetValue(counter.Key, out var window) ? window.TakeAll(counter, Now) : 0;
    }

    /// <summary>Puts back what Redis was not told.</summary>
    public void PutBack(LimitCounter counter, long amount)
    {
        if (amount == 0)
            return;
        lock (_gate)
            Window(counter.Key).Add(counter, Now, amount);
    }

    private bool Fits(LimitCounter counter, long now)
    {
        if (counter.IsConcurrency)
            return _running.GetValueOrDefault(counter.Key) + counter.Taken <= counter.Amount / Gateways;
        var window = Window(counter.Key);
        var share = Math.Max(0, counter.Amount - window.KnownElsewhere(counter, now)) / Gateways;
        return window.Total(counter, now) + counter.Taken <= share;
    }

    private LocalWindow Window(string key)
    {
        if (!_windows.TryGetValue(key, out var window))
            _windows[key] = window = new LocalWindow();
        return window;
    }
}
