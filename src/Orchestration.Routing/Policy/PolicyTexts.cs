using System.Security.Cryptography;
using System.Text;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Policy;

/// <summary>The texts of one version: the installation's document and the overlays of tenants. They are right or wrong together.</summary>
internal sealed record PolicyTexts(string Installation, IReadOnlyDictionary<string, string> Overlays)
{
    private const int MostOverlays = 1_000;

    public PolicyTexts(string installation)
        : this(installation, new Dictionary<string, string>())
    {
    }

    /// <summary>SHA-256 of the texts, lower-case hex.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Installation));
        foreach (var (tenant, yaml) in Overlays.OrderBy(overlay => overlay.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{tenant}\0{yaml}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="InvalidPolicyException">Any mistake in any of the texts; all of them are named.</exception>
    public PolicyDocument Checked(ModelCatalogue catalogue)
    {
        if (Overlays.Count > MostOverlays) throw new InvalidPolicyException([new PolicyError(1, "overlays", $"are more than {MostOverlays}") { Column = 1 }]);
        var policy = PolicyValidation.Checked(Installation, catalogue);
        var read = new List<TenantOverlay>();
        var errors = new List<PolicyError>();
        var known = catalogue.With(policy.Models);
        foreach (var (tenant, yaml) in Overlays.OrderBy(overlay => overlay.Key, StringComparer.Ordinal))
        {
            try
            {
                var overlay = TenantOverlay.Read(tenant, yaml);
                errors.AddRange(PolicyReader.Placed(new OverlayValidation(overlay, policy, known).Run(), yaml).Select(error => error with { Tenant = tenant }));
                read.Add(overlay);
            }
            catch (InvalidPolicyException malformed)
            {
                errors.AddRange(malformed.Errors.Select(error => error with { Tenant = tenant }));
            }
        }

        return errors.Count == 0 ? policy with { Overlays = read } : throw new InvalidPolicyException(errors);
    }
}
