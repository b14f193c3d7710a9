using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Credentials.Admin;

/// <summary>The vendors as operators see them.</summary>
internal sealed class VendorListing(VendorProfiles profiles, KeyPools pools)
{
    public IEnumerable<Vendor> List() => profiles.Vendors.Select(profile =>
    {
        var vendor = new Vendor
        {
            Provider = profile.Provider,
            Name = profile.DisplayName.Length > 0 ? profile.DisplayName : profile.Provider,
            Protocol = profile.Verification.Protocol,
            Proof = profile.Proof.Status switch
            {
                ProofStatus.Recorded => VendorProof.Recorded,
                ProofStatus.Live => VendorProof.Live,
                _ => VendorProof.Simulator,
            },
            Regions = { profile.Endpoints.Select(endpoint => RegionOf(profile, endpoint)) },
        };
        if (profile.Proof.Date is { } date) vendor.ProvedAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
        return vendor;
    });

    private VendorRegion RegionOf(VendorProfile profile, VendorEndpoint endpoint)
    {
        var keys = pools.Find(profile.Provider, endpoint.Region)?.Views() ?? [];
        return new VendorRegion
        {
            Region = endpoint.Region,
            BaseUrl = endpoint.BaseUrl,
            CredentialSource = keys is [var first, ..] ? first.Facts.Source : "",
            Credentials = keys.Count,
            UsableCredentials = keys.Count(k => k.Facts.Status == CredentialStatus.Active && k.Rest is null),
        };
    }
}
