using System.Collections.Concurrent;

namespace Orchestration.Gateway.Authentication;

/// <summary>
/// Answers from memory for a few seconds, asks the store once for all who wait, and goes on with what it knew while the store is
/// away. Entries are immutable and only ever written by a finished look-up, so nothing stale can overwrite something newer.
/// </summary>
internal sealed class LookupCache<TValue>(
    Func<string, CancellationToken, Task<TValue?>> load,
    KeyOptions options,
    TimeProvider timeProvider) where TValue : class
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _unknown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Entry>>> _running = new(StringComparer.Ordinal);

    // Monotonic time of the last failed look-up; zero while the store answers.
    private long _failedAt;

    public async ValueTask<Lookup<TValue>> GetAsync(string id, CancellationToken cancellationToken)
    {
        var known = _known.GetValueOrDefault(id);
        var entry = known ?? _unknown.GetValueOrDefault(id);
        if (entry is not null && timeProvider.GetElapsedTime(entry.ReadAt) < options.CacheFor)
            return entry.ToLookup();
        if (known is not null && IsPaused())
            return Stale(known);
        try
        {
            var wait = known is null ? options.LookupTimeout : options.RenewalWait;
            return (await StartLoad(id).WaitAsync(wait, timeProvider, cancellationToken)).ToLookup();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _failedAt, timeProvider.GetTimestamp());
            return known is null ? new Lookup<TValue>.Unavailable() : Stale(known);
        }
    }

    /// <summary>Drops an entry whose truth this process has just changed.</summary>
    public void Forget(string id)
    {
        _known.TryRemove(id, out _);
        _unknown.TryRemove(id, out _);
    }

    private Task<Entry> StartLoad(string id) =>
        _running.GetOrAdd(id, key => new Lazy<Task<Entry>>(() => LoadAsync(key))).Value;

    private async Task<Entry> LoadAsync(string id)
    {
        await Task.Yield();
        try
        {
            using var timeout = new CancellationTokenSource(options.LookupTimeout, timeProvider);
            var startedAt = timeProvider.GetTimestamp();
            var value = await load(id, timeout.Token);
            var entry = new Entry(value, startedAt);
            Remember(id, entry);
            Volatile.Write(ref _failedAt, 0);
            return entry;
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private void Remember(string id, Entry entry)
    {
        var (target, other) = entry.Value is null ? (_unknown, _known) : (_known, _unknown);
        if (target.Count >= options.MaxCached)
            Evict(target);
        target[id] = entry;
        other.TryRemove(id, out _);
    }

    private void Evict(ConcurrentDictionary<string, Entry> entries)
    {
        foreach (var (id, entry) in entries)
        {
            if (timeProvider.GetElapsedTime(entry.ReadAt) >= options.CacheFor)
                entries.TryRemove(id, out _);
        }

        if (entries.Count >= options.MaxCached)
            entries.Clear();
    }

    private bool IsPaused()
    {
        var failedAt = Volatile.Read(ref _failedAt);
        return failedAt != 0 && timeProvider.GetElapsedTime(failedAt) < PauseAfterFailure;
    }

    private Lookup<TValue> Stale(Entry known) =>
        timeProvider.GetElapsedTime(known.ReadAt) < options.ServeStaleFor ? known.ToLookup() : new Lookup<TValue>.Unavailable();

    private sealed record Entry(TValue? Value, long ReadAt)
    {
        public Lookup<TValue> ToLookup() => Value is null ? Lookup<TValue>.Nothing : new Lookup<TValue>.Found(Value);
    }
}

/// <summary>Outcome of a look-up.</summary>
internal abstract record Lookup<TValue>
{
    public static readonly Lookup<TValue> Nothing = new Unknown();

    private Lookup()
    {
    }

    public sealed record Found(TValue Value) : Lookup<TValue>;

    /// <summary>The store says that there is no such thing.</summary>
    public sealed record Unknown : Lookup<TValue>;

    /// <summary>The store cannot be asked and nothing recent is remembered.</summary>
    public sealed record Unavailable : Lookup<TValue>;
}
