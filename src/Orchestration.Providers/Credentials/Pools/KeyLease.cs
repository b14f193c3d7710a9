using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>A key for one attempt. Given back by its verdict or by disposal, whichever comes first.</summary>
internal sealed class KeyLease : IDisposable
{
    private readonly KeyPool? _pool;
    private readonly PooledKey? _key;
    private readonly string _model;
    private int _returned;
    private int _judged;

    public KeyLease(KeyPool pool, PooledKey key, Secret secret, string model, DateTimeOffset startedAt) =>
        (_pool, _key, Secret, _model, KeyId, StartedAt) = (pool, key, secret, model, key.Facts.Id, startedAt);

    private KeyLease(Secret secret) => (Secret, _model, KeyId) = (secret, "", "");

    public Secret Secret { get; }

    /// <summary>Which key; empty when it belongs to no pool.</summary>
    public string KeyId { get; }

    /// <summary>When the key was taken: the verdict says nothing about what became of the key since.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>A lease that nobody counts: a simulated provider, or a server that needs no key.</summary>
    public static KeyLease Free(Secret secret) => new(secret);

    /// <summary>How the attempt ended; null when it succeeded. Only the first verdict counts.</summary>
    public void Ended(Failure? failure)
    {
        if (_pool is not null && _key is not null && Interlocked.Exchange(ref _judged, 1) == 0) _pool.Judge(_key, this, _model, failure);
        Dispose();
    }

    public void Dispose()
    {
        if (_pool is not null && _key is not null && Interlocked.Exchange(ref _returned, 1) == 0) _pool.Return(_key, this);
    }
}

/// <summary>Outcome of asking for a key.</summary>
internal abstract record KeyAcquisition
{
    private KeyAcquisition()
    {
    }

    internal sealed record Granted(KeyLease Lease) : KeyAcquisition;

    /// <summary>Every key that could be used rests or is full.</summary>
    internal sealed record Resting(TimeSpan Wait) : KeyAcquisition;

    /// <summary>There is no key, or none that waiting would help.</summary>
    internal sealed record Unusable(Failure Failure) : KeyAcquisition;
}
