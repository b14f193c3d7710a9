using Orchestration.Contracts.Errors.V1;
using Orchestration.Pricing;
using Orchestration.Providers.Data;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>The keys of one vendor in one region, of one source.</summary>
internal sealed class KeyPool(KeyPoolScope scope, CredentialOptions options, KeyChanges changes, TimeProvider time)
{
    private static readonly IReadOnlySet<string> NoneTried = new HashSet<string>();
    private readonly Lock _gate = new();
    private List<PooledKey> _keys = [];

    public bool IsEmpty
    {
        get { lock (_gate) return _keys.Count == 0; }
    }

    /// <summary>A key for a model, by weight among those that are ready.</summary>
    /// <param name="model">The vendor's name of the model.</param>
    /// <param name="tried">Keys that this request has failed with.</param>
    public KeyAcquisition Acquire(string model, IReadOnlySet<string> tried)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_keys.Count == 0) return new KeyAcquisition.Unusable(ExecutionFailures.NoCredential(scope.Provider));
            var (ready, wait) = Look(model, tried, now);
            if (ready.Count == 0)
                return wait is { } rest ? new KeyAcquisition.Resting(rest) : new KeyAcquisition.Unusable(WhyNone());
            var key = NextTurn(ready);
            key.InFlight++;
            var lease = new KeyLease(this, key, key.Facts.Secret!, model, now);
            if (key.Facts.Status != CredentialStatus.Active) key.Trial = lease;
            return new KeyAcquisition.Granted(lease);
        }
    }

    /// <summary>True when a key that was not tried is ready.</summary>
    public bool HasReady(string model, IReadOnlySet<string> tried)
    {
        lock (_gate) return Look(model, tried, time.GetUtcNow()).Ready.Count > 0;
    }

    /// <summary>Time until the first key is ready for a model; null when one is, or when waiting does not help.</summary>
    public TimeSpan? RestFor(string model)
    {
        lock (_gate) return Look(model, NoneTried, time.GetUtcNow()) is ({ Count: 0 }, var wait) ? wait : null;
    }

    public void Return(PooledKey key, KeyLease lease)
    {
        lock (_gate)
        {
            key.InFlight--;
            if (key.Trial == lease) key.Trial = null;
        }
    }

    public void Judge(PooledKey key, KeyLease lease, string model, Failure? failure)
    {
        KeyChange? change;
        lock (_gate) change = KeyVerdicts.Apply(key, lease, model, failure, scope, options, time.GetUtcNow());
        if (change is not null) changes.Add(change);
    }

    /// <summary>Takes the keys as they are now. A key keeps what was learned about it as long as its secret stays.</summary>
    public void Replace(IReadOnlyList<KeyFacts> facts)
    {
        lock (_gate)
        {
            var known = _keys.ToDictionary(k => k.Facts.Id);
            _keys = [.. facts.Select(f => Merge(known.GetValueOrDefault(f.Id), f))];
        }
    }

    /// <summary>Takes note of a balance; one that is back brings a parked key back.</summary>
    public void TakeBalance(string keyId, Money balance, bool usable, bool low)
    {
        KeyChange? change = null;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_keys.Find(k => k.Facts.Id == keyId) is not { } key) return;
            var before = key.Facts;
            key.Facts = before with { Balance = balance, BalanceAt = now, BalanceLow = low };
            if (usable && before.Status == CredentialStatus.Exhausted)
                change = KeyVerdicts.Become(key, CredentialStatus.Active, "", null, now);
            else if (low != before.BalanceLow)
                change = new KeyChange(key.Facts, StateChanged: false);
        }

        if (change is not null) changes.Add(change);
    }

    public IReadOnlyList<KeyView> Views()
    {
        var now = time.GetUtcNow();
        lock (_gate) return [.. _keys.Select(k => new KeyView(k.Facts, k.InFlight, k.Limit.Allowed(k.Facts.ConcurrencyLimit), k.LongestRest(now)))];
    }

    private (List<PooledKey> Ready, TimeSpan? Wait) Look(string model, IReadOnlySet<string> tried, DateTimeOffset now)
    {
        var ready = new List<PooledKey>(_keys.Count);
        TimeSpan? shortest = null;
        foreach (var key in _keys)
        {
            if (tried.Contains(key.Facts.Id)) continue;
            var readiness = key.ReadinessFor(model, now);
            if (readiness.IsReady) ready.Add(key);
            else if (readiness.Wait is { } wait && (shortest is null || wait < shortest)) shortest = wait;
        }

        return (ready, shortest);
    }

    // Smooth weighted round robin: over any total of weights each key comes as often as its weight, evenly spread.
    private static PooledKey NextTurn(List<PooledKey> ready)
    {
        foreach (var key in ready) key.Turn += key.Facts.Weight;
        var next = ready.MaxBy(k => k.Turn)!;
        next.Turn -= ready.Sum(k => k.Facts.Weight);
        return next;
    }

    private static PooledKey Merge(PooledKey? known, KeyFacts facts)
    {
        if (known?.Facts.Secret is not { } had || facts.Secret is not { } has || !had.IsSame(has)) return new PooledKey(facts);
        // What is known of a key of the environment is known here only.
        if (!facts.IsStored) return known;
        known.TakeRow(facts);
        return known;
    }

    private Failure WhyNone()
    {
        var empty = _keys.Exists(k => k.Facts.Status == CredentialStatus.Exhausted);
        var off = _keys.TrueForAll(k => k.Facts.Status == CredentialStatus.Disabled);
        return off ? ExecutionFailures.NoCredential(scope.Provider) : new Failure
        {
            FailureClass = empty ? FailureClass.ProviderBalance : FailureClass.ProviderAuth,
            Code = "no_usable_key",
            Message = $"No key of {scope.Provider} can be used.",
        };
    }
}

/// <summary>Whose keys a pool holds.</summary>
/// <param name="Provider">Vendor.</param>
/// <param name="Region">Region of the endpoint.</param>
/// <param name="OtherRegions">The vendor's other regions, to one of which a refused key may belong.</param>
internal sealed record KeyPoolScope(string Provider, string Region, IReadOnlyList<string> OtherRegions);

/// <summary>A key as people see it.</summary>
internal sealed record KeyView(KeyFacts Facts, int InFlight, int AdaptiveLimit, (string Model, DateTimeOffset Until)? Rest);
