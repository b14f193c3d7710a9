using System.Globalization;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Admin;

/// <summary>Checks what operators send.</summary>
internal static class CredentialChecks
{
    private const int LongestLabel = 100;
    private const int MostWeight = 1000;
    private const int MostConcurrency = 100_000;
    private const decimal MostBalance = 1_000_000_000_000m;

    public static CredentialOutcome.Invalid? Problem(AddCredentialRequest request, VendorProfiles profiles)
    {
        if (profiles.Vendors.FirstOrDefault(p => p.Provider == request.Provider) is not { } vendor)
            return new("provider", "There is no vendor of this name.");
        if (vendor.Endpoints.All(e => e.Region != request.Region))
            return new("region", vendor.Endpoints.Count == 0 ? "This vendor takes no keys." : $"The regions of this vendor are: {Regions(vendor)}.");
        return request.Weight == 0 ? Common(request.Label, 1, request.ConcurrencyLimit, request.BalanceWarning)
            : Common(request.Label, request.Weight, request.ConcurrencyLimit, request.BalanceWarning);
    }

    public static CredentialOutcome.Invalid? Problem(UpdateCredentialRequest request) =>
        request.State is not (CredentialState.Unspecified or CredentialState.Active or CredentialState.Disabled)
            ? new("state", "The state can be set to active or disabled.")
            : Common(request.Label, request.HasWeight ? request.Weight : 1, request.ConcurrencyLimit, request.BalanceWarning);

    public static CredentialOutcome.Invalid MalformedSecret() =>
        new("secret", $"A key has {Secret.ShortestLength} to {Secret.LongestLength} visible ASCII characters.");

    /// <summary>The secret; null when it is malformed.</summary>
    public static Secret? SecretOf(string text) =>
        text.Trim().Length >= Secret.ShortestLength ? Secret.Parse(text) : null;

    private static CredentialOutcome.Invalid? Common(string label, int weight, int concurrencyLimit, string balanceWarning)
    {
        if (label.Length > LongestLabel || label.Any(char.IsControl)) return new("label", "A label has at most 100 printable characters.");
        if (weight is < 1 or > MostWeight) return new("weight", "A weight is 1 to 1,000.");
        if (concurrencyLimit is < 0 or > MostConcurrency) return new("concurrency_limit", "A limit is 0 to 100,000.");
        if (balanceWarning.Length == 0) return null;
        return decimal.TryParse(balanceWarning, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var level)
            && level is >= 0 and <= MostBalance
            ? null
            : new("balance_warning", "A warning level is an amount such as 10.50.");
    }

    private static string Regions(VendorProfile vendor) => string.Join(", ", vendor.Endpoints.Select(e => e.Region.Length == 0 ? "\"\"" : e.Region));
}
