using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// What this process lets in, counted beside Redis, and alone while Redis is away: an equal part of what was left of a limit when Redis fell
/// silent, and an equal part of the whole once nothing of before can matter any more. So all gateways together stay near the limit
/// without a word between them.
/// </summary>
internal sealed class LocalShare(IOptions<LimitOptions> options, TimeProvider timeProvider)
{
    private const int MostWindows = 20_000;

    /// <summary>News this old when Redis fell silent still tell what was left; of older ones nobody knows what others took since.</summary>
    private const long FreshMilliseconds = 2_000;

    /// <summary>After this, what ran when Redis fell silent is taken to have ended.</summary>
    private const long LongestRunMilliseconds = 60_000;

    private readonly Dictionary<string, LocalWindow> _windows = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private (long Count, long Rank) _gateways = (options.Value.Gateways, 0);
    private long _answeredAt;
    private long? _lostAt;
    private long _rejoinedAt;

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>True while others may still have to tell Redis what they let in without it: its count and the share must both have room.</summary>
    public bool IsRejoining
    {
        get
        {
            lock (_gate)
                return _lostAt is not null && Now - _rejoinedAt < (long)options.Value.RejoinFor.TotalMilliseconds;
        }
    }

    /// <summary>Redis answered.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _answeredAt = Now;
            if (_lostAt is not null && _rejoinedAt > 0 && !IsRejoining)
                (_lostAt, _rejoinedAt) = (null, 0);
        }
    }

    /// <summary>Redis is left alone from now on.</summary>
    public void Lost()
    {
        lock (_gate)
            (_lostAt, _rejoinedAt) = (_lostAt ?? _answeredAt, 0);
    }

    /// <summary>Redis is asked again and has been told everything.</summary>
    public void Rejoined()
    {
        lock (_gate)
            _rejoinedAt = Now;
    }

    /// <summary>How many gateways share, and which of them this one is, from 0. Shares that do not divide evenly go to the first.</summary>
    public void Know(long gateways, long rank)
    {
        lock (_gate)
            _gateways = (Math.Max(gateways, options.Value.Gateways), rank);
    }

    /// <summary>Takes all counters from this process' share or none.</summary>
    public LimitTaking Take(IReadOnlyList<LimitCounter> counters)
    {
        lock (_gate)
        {
            var now = Now;
            if (Refused(counters, now) is { } refused)
                return refused;
            foreach (var counter in counters)
            {
                var window = Window(counter);
                window.Add(now, counter.Taken);
                window.Untold += counter.IsConcurrency ? 0 : counter.Taken;
            }

            return new LimitTaking(null, 0, new LimitHold(counters, true, now, now), Left(counters, now));
        }
    }

    /// <summary>Why the share has no room, or null; takes nothing.</summary>
    public LimitTaking? Check(IReadOnlyList<LimitCounter> counters)
    {
        lock (_gate)
            return Refused(counters, Now);
    }

    /// <summary>Counts what Redis let in, and remembers what it said.</summary>
    /// <param name="counters">The counters.</param>
    /// <param name="totals">What Redis counts of each, this request included.</param>
    /// <param name="taken">True when it let the request in.</param>
    public long Count(IReadOnlyList<LimitCounter> counters, IReadOnlyList<long> totals, bool taken)
    {
        lock (_gate)
        {
            var now = Now;
            for (var index = 0; index < counters.Count; index++)
            {
                var window = Window(counters[index]);
                if (taken)
                    window.Add(now, counters[index].Taken);
                // Until all have told it what they let in, Redis' count says too little.
                if (_lostAt is null)
                    window.News = new LocalNews(totals[index], window.Total(now), now);
            }

            return now;
        }
    }

    /// <summary>A request ended: its places are free, its tokens are known or, when null, stay as estimated.</summary>
    public void End(LimitHold hold, long? tokens)
    {
        lock (_gate)
        {
            foreach (var counter in hold.Counters)
            {
                if (counter.IsConcurrency)
                    Window(counter).Add(Now, -1);
                else if (counter.IsTokens && tokens is { } used)
                    Correct(Window(counter), hold, used - counter.Taken);
            }
        }
    }

    /// <summary>Remembers what Redis could not be told of a request's tokens. Only what it used more: it may have heard after all.</summary>
    public void Owe(LimitHold hold, long tokens)
    {
        lock (_gate)
        {
            foreach (var counter in hold.Counters)
            {
                if (counter.IsTokens && tokens > counter.Taken)
                    Window(counter).Untold += tokens - counter.Taken;
            }
        }
    }

    /// <summary>Counters of which Redis has not been told everything.</summary>
    public IReadOnlyList<LimitCounter> Untold()
    {
        lock (_gate)
            return [.. _windows.Values.Where(window => window.Untold != 0).Select(window => window.Counter with { Taken = 0 })];
    }

    /// <summary>Takes out what Redis is told now.</summary>
    public long TakeOut(LimitCounter counter)
    {
        lock (_gate)
        {
            if (!_windows.TryGetValue(counter.Key, out var window))
                return 0;
            var untold = window.Untold;
            window.Untold = 0;
            return untold;
        }
    }

    /// <summary>Puts back what Redis did not confirm. It may have heard it; then it counts too much for a window, never too little.</summary>
    public void PutBack(LimitCounter counter, long amount)
    {
        if (amount <= 0)
            return;
        lock (_gate)
            Window(counter).Untold += amount;
    }

    private static void Correct(LocalWindow window, LimitHold hold, long difference)
    {
        window.Add(hold.CountedAt, difference);
        if (hold.Local)
            window.Untold += difference;
    }

    private LimitTaking? Refused(IReadOnlyList<LimitCounter> counters, long now)
    {
        foreach (var counter in counters)
        {
            if (counter.Taken <= Room(counter, now))
                continue;
            var wait = counter.Taken > counter.Amount ? -1 : Math.Max(1_000, counter.PartMilliseconds);
            return new LimitTaking(counter, wait, null, Left(counters, now));
        }

        return null;
    }

    private List<long> Left(IReadOnlyList<LimitCounter> counters, long now) => [.. counters.Select(counter => Math.Max(0, Room(counter, now)))];

    /// <summary>What this process may still let in. docs/limits.md says why all of them together keep the bound.</summary>
    private long Room(LimitCounter counter, long now)
    {
        var window = Window(counter);
        var own = window.Total(now);
        var length = counter.IsConcurrency ? LongestRunMilliseconds : counter.PartMilliseconds * (LimitCounter.Parts + 1);
        var silentFrom = _lostAt ?? _answeredAt;
        var silence = now - silentFrom;
        var share = PartOf(counter.Amount);
        if (silence > length + (length / 10) + FreshMilliseconds)
            return share - own;
        if (window.News is not { } news || silentFrom - news.At > FreshMilliseconds)
            return Math.Min(share - own, PartOf(counter.Amount / 10) - window.Untold);
        var had = news.Own + PartOf(Math.Max(0, counter.Amount - news.Total));
        return (silence <= length / 10 ? had : Math.Min(share, had)) - own;
    }

    private long PartOf(long amount) => (amount / _gateways.Count) + (_gateways.Rank < amount % _gateways.Count ? 1 : 0);

    private LocalWindow Window(LimitCounter counter)
    {
        if (_windows.TryGetValue(counter.Key, out var window))
            return window;
        if (_windows.Count >= MostWindows)
            Forget();
        return _windows[counter.Key] = new LocalWindow(counter);
    }

    // Many at once, so that the search is rare.
    private void Forget()
    {
        foreach (var (key, _) in _windows.OrderBy(window => window.Value.LastUsed).Take(MostWindows / 10).ToList())
            _windows.Remove(key);
    }
}
