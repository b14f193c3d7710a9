using System.Collections.Concurrent;

namespace Orchestration.Gateway.Authentication;

/// <summary>
/// Answers from memory for a few seconds, asks the store once for all who wait, and goes on with what it knew while the store is
/// away. Entries are immutable and only ever written by a finished look-up. What was forgotten meanwhile is written by none that began
/// before: an answer on its way may be older than the change.
/// </summary>
internal sealed class LookupCache<TValue>(
    Func<string, CancellationToken, Task<TValue?>> load,
    KeyOptions options,
    TimeProvider timeProvider) where TValue : class
{
    // Something that changes faster than it can be read is not known.
    private const int MostTries = 5;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _unknown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Load> _running = new(StringComparer.Ordinal);

    // Monotonic time of the last failed look-up; zero while the store answers.
    private long _failedAt;

    /// <summary>True when the store said not long ago that there is such a thing.</summary>
    public bool Knows(string id) => _known.ContainsKey(id);

    public async ValueTask<Lookup<TValue>> GetAsync(string id, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
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
                var running = _running.GetOrAdd(id, key => new Load(this, key));
                entry = await running.Entry.WaitAsync(wait, timeProvider, cancellationToken);
                if (!running.IsObsolete)
                    return entry.ToLookup();
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Volatile.Write(ref _failedAt, timeProvider.GetTimestamp());
                // Not what was known before the wait: it may have been forgotten since.
                return _known.GetValueOrDefault(id) is { } remembered ? Stale(remembered) : new Lookup<TValue>.Unavailable();
            }
        }

        return new Lookup<TValue>.Unavailable();
    }

    /// <summary>Drops an entry whose truth has changed, and the answer of a look-up that is on its way.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _known.TryRemove(id, out _);
            _unknown.TryRemove(id, out _);
            if (_running.TryRemove(id, out var running))
                running.IsObsolete = true;
        }
    }

    /// <summary>The same for all entries that a change concerns. Others may be on their way without end while much changes.</summary>
    public void ForgetWhere(Func<TValue, bool> concerns)
    {
        lock (_gate)
        {
            foreach (var (id, entry) in _known)
            {
                if (concerns(entry.Value!))
                    _known.TryRemove(id, out _);
            }
        }

        DoubtRunning((_, value) => value is not null && concerns(value));
    }

    /// <summary>Drops the answers of look-ups that are on their way, if they turn out to be ones that the change concerns.</summary>
    public void DoubtRunning(Func<string, TValue?, bool> concerns)
    {
        lock (_gate)
        {
            foreach (var (id, running) in _running)
                running.Doubts.Add(value => concerns(id, value));
        }
    }

    /// <summary>Asks again for what there was not.</summary>
    public void ForgetUnknown()
    {
        if (_unknown.IsEmpty)
            return;
        lock (_gate)
            _unknown.Clear();
    }

    /// <summary>The same for everything.</summary>
    public void ForgetAll()
    {
        ForgetUnknown();
        ForgetWhere(_ => true);
        DoubtRunning((_, _) => true);
    }

    private async Task<Entry> LoadAsync(string id, Load running)
    {
        await Task.Yield();
        try
        {
            using var timeout = new CancellationTokenSource(options.LookupTimeout, timeProvider);
            var startedAt = timeProvider.GetTimestamp();
            var value = await load(id, timeout.Token);
            var entry = new Entry(value, startedAt);
            lock (_gate)
            {
                running.IsObsolete |= running.Doubts.Exists(doubt => doubt(value));
                if (!running.IsObsolete)
                    Remember(id, entry);
            }

            Volatile.Write(ref _failedAt, 0);
            return entry;
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(id, running));
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

    private sealed class Load
    {
        private readonly Lazy<Task<Entry>> _entry;

        public Load(LookupCache<TValue> cache, string id) => _entry = new Lazy<Task<Entry>>(() => cache.LoadAsync(id, this));

        public Task<Entry> Entry => _entry.Value;

        // What changed meanwhile; read and written under the gate.
        public List<Predicate<TValue?>> Doubts { get; } = [];

        // Written under the gate; a waiter that reads it too early began before the change became known.
        public volatile bool IsObsolete;
    }

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
