using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;

namespace Orchestration.Providers.Credentials.Admin;

/// <summary>Keys as the admin API tells them: never with their secret.</summary>
internal static class CredentialMapping
{
    public static Credential ToWire(this KeyView view, bool inUse)
    {
        var facts = view.Facts;
        var credential = new Credential
        {
            Id = facts.Id,
            Provider = facts.Provider,
            Region = facts.Region,
            Source = facts.Source,
            Label = facts.Label,
            LastFour = facts.LastFour,
            Weight = facts.Weight,
            ConcurrencyLimit = facts.ConcurrencyLimit,
            AdaptiveLimit = view.AdaptiveLimit,
            InFlight = view.InFlight,
            State = StateOf(facts.Status),
            Reason = facts.Reason,
            ChangedAt = Timestamp.FromDateTimeOffset(facts.ChangedAt),
            InUse = inUse,
            BalanceLow = facts.BalanceLow,
        };
        if (facts.RetryAt is { } retryAt) credential.RetryAt = Timestamp.FromDateTimeOffset(retryAt);
        if (facts.CreatedAt is { } createdAt) credential.CreatedAt = Timestamp.FromDateTimeOffset(createdAt);
        if (facts.Balance is { } balance) credential.Balance = balance.ToProto();
        if (facts.BalanceAt is { } balanceAt) credential.BalanceAt = Timestamp.FromDateTimeOffset(balanceAt);
        if (facts.Status != CredentialStatus.Active || view.Rest is not { } rest) return credential;
        credential.State = CredentialState.Cooling;
        credential.Reason = $"Limited by the vendor for {rest.Model}.";
        credential.RetryAt = Timestamp.FromDateTimeOffset(rest.Until);
        return credential;
    }

    private static CredentialState StateOf(CredentialStatus status) => status switch
    {
        CredentialStatus.Active => CredentialState.Active,
        CredentialStatus.Exhausted => CredentialState.Parked,
        _ => CredentialState.Disabled,
    };
}
