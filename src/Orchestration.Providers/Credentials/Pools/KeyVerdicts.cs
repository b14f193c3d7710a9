using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Data;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>What the end of an attempt means for the key that it was made with.</summary>
internal static class KeyVerdicts
{
    private static readonly TimeSpan ModelRefusedFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestParking = TimeSpan.FromHours(6);

    // Nobody can enable a key of the environment, so it is tried again by itself.
    private static readonly TimeSpan EnvironmentRefusedFor = TimeSpan.FromMinutes(10);

    /// <summary>Classes of failure that another key of the same pool may not have. Overload is not one: capacity is the vendor's.</summary>
    public static bool AnotherKeyMayDo(FailureClass failureClass) => failureClass is FailureClass.ProviderAuth or FailureClass.ProviderPermission
        or FailureClass.ProviderBalance or FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency;

    /// <returns>The change of state to tell; null when there is none.</returns>
    public static KeyChange? Apply(
        PooledKey key, KeyLease lease, string model, Failure? failure, KeyPoolScope scope, CredentialOptions options, DateTimeOffset now)
    {
        // The state was found or set while this attempt ran, so it knows nothing about it.
        if (lease.StartedAt < key.Facts.ChangedAt && failure is null or { FailureClass: FailureClass.ProviderAuth or FailureClass.ProviderBalance }) return null;
        switch (failure?.FailureClass)
        {
            case null:
                key.WentWell(model, now);
                return key.Facts.Status is CredentialStatus.Exhausted or CredentialStatus.Refused ? Become(key, CredentialStatus.Active, "", null, now) : null;
            case FailureClass.ProviderAuth:
                return Refused(key, scope, options, now);
            case FailureClass.ProviderBalance:
                return Park(key, failure, options, now);
            case FailureClass.ProviderPermission:
                key.RefuseModel(model, now + ModelRefusedFor);
                return null;
            case FailureClass.ProviderRateLimited:
                key.Limit.TooMany(key.InFlight, now);
                key.RestFor(model, earlier => Backoff.After(failure, earlier), now);
                return null;
            case FailureClass.ProviderConcurrency:
                key.Limit.TooMany(key.InFlight, now);
                key.RestFor(model, _ => KeyReadiness.UntilAPlaceIsFree, now);
                return null;
            case FailureClass.ProviderOverloaded:
                key.Limit.TooMany(key.InFlight, now);
                return null;
            default:
                return null;
        }
    }

    public static KeyChange Become(PooledKey key, CredentialStatus status, string reason, DateTimeOffset? retryAt, DateTimeOffset now)
    {
        // In the database's precision, so that the row that comes back is known as the same.
        key.Facts = key.Facts with { Status = status, Reason = reason, RetryAt = retryAt, ChangedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) };
        if (status == CredentialStatus.Active) key.Refusals = 0;
        return new KeyChange(key.Facts, StateChanged: true);
    }

    private static KeyChange? Refused(PooledKey key, KeyPoolScope scope, CredentialOptions options, DateTimeOffset now)
    {
        key.Refusals++;
        // What an operator switched off while the attempt ran stays as the operator said.
        if (key.Refusals < options.RefusalsUntilDisabled || key.Facts.Status == CredentialStatus.Disabled) return null;
        var retryAt = key.Facts.IsStored ? (DateTimeOffset?)null : now + EnvironmentRefusedFor;
        if (key.Facts.Status == CredentialStatus.Refused && key.Facts.IsStored) return null;
        var reason = scope.OtherRegions.Count == 0
            ? "The vendor refuses this key."
            : $"This key is refused by the {scope.Region} endpoint; it may belong to the {string.Join(" or ", scope.OtherRegions)} site.";
        return Become(key, CredentialStatus.Refused, reason, retryAt, now);
    }

    private static KeyChange? Park(PooledKey key, Failure failure, CredentialOptions options, DateTimeOffset now)
    {
        if (key.Facts.Status == CredentialStatus.Disabled) return null;
        // Attempts that were under way together say the same thing once.
        if (key.Facts.Status == CredentialStatus.Exhausted && key.Facts.RetryAt > now) return null;
        var pause = failure.RetryAfter?.ToTimeSpan() is { } told && told > TimeSpan.Zero ? told : options.ParkedFor * (1 << Math.Min(key.Parkings, 7));
        key.Parkings++;
        return Become(key, CredentialStatus.Exhausted, "The account of this key is empty or its quota is used up.", now + (pause < LongestParking ? pause : LongestParking), now);
    }
}
