using Orchestration.Contracts.Providers.V1;

namespace Orchestration.Console.Providers;

/// <summary>Vendors with their keys, as one page shows them.</summary>
internal sealed record VendorOverview(IReadOnlyList<Vendor> Vendors, IReadOnlyList<Credential> Keys)
{
    /// <summary>Vendors that have a key come first, each group by name.</summary>
    public IEnumerable<Vendor> Ordered => Vendors.OrderByDescending(HasKey).ThenBy(v => v.Name, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Credential> KeysOf(Vendor vendor) => Keys.Where(k => k.Provider == vendor.Provider);

    private bool HasKey(Vendor vendor) => Keys.Any(k => k.Provider == vendor.Provider);
}
