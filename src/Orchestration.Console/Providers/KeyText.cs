using System.Globalization;
using Orchestration.Console.Formatting;
using Orchestration.Contracts.Providers.V1;

namespace Orchestration.Console.Providers;

/// <summary>Vendors and keys in words.</summary>
internal static class KeyText
{
    public static string Proof(Vendor vendor) => vendor.Proof switch
    {
        VendorProof.Live => $"live, {vendor.ProvedAt?.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
        VendorProof.Recorded => "recorded",
        _ => "simulator",
    };

    public static string Region(VendorRegion region)
    {
        var name = region.Region.Length == 0 ? "one region" : region.Region;
        return region.CredentialSource.Length == 0 ? $"{name}: no key" : $"{name}: {region.CredentialSource}, {region.UsableCredentials} of {region.Credentials} usable";
    }

    public static string Name(Credential key) => key.Label.Length > 0 ? key.Label : key.Source == "environment" ? key.Id["environment:".Length..] : Units.ShortId(key.Id);

    public static string LastFour(Credential key) => key.LastFour.Length == 0 ? "…" : $"…{key.LastFour}";

    public static string State(Credential key) => key switch
    {
        { InUse: false } => "not used",
        { State: CredentialState.Disabled } => "disabled",
        { State: CredentialState.Parked } => "parked",
        { State: CredentialState.Cooling } => "cooling",
        _ => "active",
    };

    public static string Reason(Credential key)
    {
        var reason = key.InUse ? key.Reason : "Stored keys come before the environment's.";
        return key.RetryAt is null ? reason : $"{reason} Tried again at {Units.Time(key.RetryAt)}.".TrimStart();
    }

    public static string Load(Credential key)
    {
        var limit = key.AdaptiveLimit > 0 ? key.AdaptiveLimit : key.ConcurrencyLimit;
        return string.Create(CultureInfo.InvariantCulture, $"{key.InFlight} / {(limit == 0 ? "no limit" : limit.ToString(CultureInfo.InvariantCulture))}");
    }
}
