using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Credentials;

/// <summary>The keys of the vendors, from the environment variables that the profiles name.</summary>
internal sealed class VendorCredentials(VendorProfiles profiles, IConfiguration configuration)
{
    /// <summary>What is shown to an upstream that is no real provider.</summary>
    public const string Simulated = "simulated";

    /// <summary>The key for a deployment; null when there is none for its region, empty when the server needs none.</summary>
    public string? Find(Deployment deployment)
    {
        if (deployment.Simulated) return Simulated;
        var profile = profiles.For(deployment.Provider);
        var key = Endpoint(profile, deployment.Region) is { } endpoint ? Read(endpoint) : null;
        return key ?? (profile.Authorization.Required ? null : "");
    }

    /// <summary>Which vendors can be used, one entry per vendor and region.</summary>
    public IEnumerable<VendorStatus> Statuses() =>
        from profile in profiles.Vendors
        from endpoint in profile.Endpoints
        let configured = Read(endpoint) is not null
        select new VendorStatus
        {
            Provider = profile.Provider,
            Region = endpoint.Region,
            Configured = configured || !profile.Authorization.Required,
            CredentialSource = configured ? "environment" : "",
        };

    // A finer region of a vendor ("us" of one that lists "cn" and "intl") has no key of its own: keys never cross regions.
    private static VendorEndpoint? Endpoint(VendorProfile profile, string region) =>
        profile.Endpoints.FirstOrDefault(e => e.Region == region)
        ?? (profile.Endpoints.Count > 0 && (profile.Endpoints.Count == 1 || region.Length == 0) ? profile.Endpoints[0] : null);

    private string? Read(VendorEndpoint endpoint)
    {
        var key = configuration[endpoint.ApiKeyVariable]?.Trim();
        return string.IsNullOrEmpty(key) || key.Any(c => c is <= ' ' or > '~') ? null : key;
    }
}
