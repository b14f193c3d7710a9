using Orchestration.Providers.Data;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>A key with what this replica knows of it. Guarded by its pool.</summary>
internal sealed class PooledKey(KeyFacts facts)
{
    private readonly Dictionary<string, Rest> _rests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _refusedModels = new(StringComparer.Ordinal);
    private DateTimeOffset _rowChangedAt = facts.ChangedAt;

    public KeyFacts Facts { get; set; } = facts;

    public AdaptiveLimit Limit { get; } = new();

    public int InFlight { get; set; }

    /// <summary>The one attempt that finds out whether a parked or refused key works again; null when there is none.</summary>
    public KeyLease? Trial { get; set; }

    /// <summary>Balance of the smooth weighted turn.</summary>
    public int Turn { get; set; }

    /// <summary>Refusals in a row.</summary>
    public int Refusals { get; set; }

    /// <summary>How often in a row its account was found empty.</summary>
    public int Parkings { get; set; }

    /// <summary>Takes the row of a stored key.</summary>
    /// <remarks>
    /// What was found out here and has not come back from the database yet stands, unless the row tells something newer: rows are
    /// written for other reasons too. What an operator switched off is off at once.
    /// </remarks>
    public void TakeRow(KeyFacts row)
    {
        var before = Facts;
        var keepsOwn = before.ChangedAt != _rowChangedAt && row.Status != CredentialStatus.Disabled
            && (row.ChangedAt == _rowChangedAt || row.ChangedAt < before.ChangedAt);
        _rowChangedAt = row.ChangedAt;
        Facts = keepsOwn ? row with { Status = before.Status, Reason = before.Reason, RetryAt = before.RetryAt, ChangedAt = before.ChangedAt } : row;
        if (Facts.Status == CredentialStatus.Active && (before.Status, before.ChangedAt) != (Facts.Status, Facts.ChangedAt)) Refusals = 0;
    }

    public KeyReadiness ReadinessFor(string model, DateTimeOffset now)
    {
        if (Facts.Secret is null || !MayTry(now)) return KeyReadiness.Out;
        if (_refusedModels.TryGetValue(model, out var until) && until > now) return KeyReadiness.Out;
        var rest = _rests.TryGetValue(model, out var resting) ? resting.Until - now : TimeSpan.Zero;
        if (rest > TimeSpan.Zero) return new KeyReadiness(false, rest);
        return Limit.Allowed(Facts.ConcurrencyLimit) is > 0 and var allowed && InFlight >= allowed
            ? new KeyReadiness(false, KeyReadiness.UntilAPlaceIsFree)
            : KeyReadiness.Ready;
    }

    /// <summary>Lets the key rest for a model; a rest is only ever extended.</summary>
    public void RestFor(string model, Func<int, TimeSpan> pause, DateTimeOffset now)
    {
        var earlier = _rests.GetValueOrDefault(model);
        var until = now + pause(earlier?.Failures ?? 0);
        _rests[model] = new Rest(until > (earlier?.Until ?? until) ? until : earlier?.Until ?? until, (earlier?.Failures ?? 0) + 1);
    }

    public void RefuseModel(string model, DateTimeOffset until) => _refusedModels[model] = until;

    public void WentWell(string model, DateTimeOffset now)
    {
        Refusals = 0;
        Parkings = 0;
        _refusedModels.Remove(model);
        if (_rests.TryGetValue(model, out var rest) && rest.Until <= now) _rests.Remove(model);
        Limit.WentWell(InFlight, Facts.ConcurrencyLimit);
    }

    /// <summary>The model that rests longest, for people.</summary>
    public (string Model, DateTimeOffset Until)? LongestRest(DateTimeOffset now) => _rests
        .Where(r => r.Value.Until > now).OrderByDescending(r => r.Value.Until).Select(r => ((string, DateTimeOffset)?)(r.Key, r.Value.Until)).FirstOrDefault();

    // One request finds out whether a parked key works again; the others wait for its verdict.
    private bool MayTry(DateTimeOffset now) => Facts.Status == CredentialStatus.Active
        || (Facts.Status is CredentialStatus.Exhausted or CredentialStatus.Refused && Facts.RetryAt <= now && Trial is null);

    private sealed record Rest(DateTimeOffset Until, int Failures);
}

/// <summary>Whether a key can be used now.</summary>
/// <param name="IsReady">True when it can.</param>
/// <param name="Wait">How long it rests; null when waiting does not help.</param>
internal readonly record struct KeyReadiness(bool IsReady, TimeSpan? Wait)
{
    public static readonly TimeSpan UntilAPlaceIsFree = TimeSpan.FromMilliseconds(100);

    public static KeyReadiness Ready => new(true, TimeSpan.Zero);

    public static KeyReadiness Out => new(false, null);
}
