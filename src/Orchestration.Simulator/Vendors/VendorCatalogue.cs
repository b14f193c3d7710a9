using System.Collections.Frozen;
using System.Text.Json;

namespace Orchestration.Simulator.Vendors;

/// <summary>All simulated vendors by id.</summary>
internal sealed class VendorCatalogue
{
    private readonly FrozenDictionary<string, Vendor> _vendors;

    private VendorCatalogue(VendorFile file) =>
        _vendors = file.Vendors.ToFrozenDictionary(vendor => vendor.Id, vendor => new Vendor(vendor));

    public IReadOnlyList<string> Ids => _vendors.Keys;

    public static VendorCatalogue Load()
    {
        using var stream = typeof(VendorCatalogue).Assembly.GetManifestResourceStream("vendors.json")
            ?? throw new InvalidOperationException("The vendor data is not in the assembly.");
        return new VendorCatalogue(JsonSerializer.Deserialize(stream, SimulatorJsonContext.Default.VendorFile)
            ?? throw new InvalidOperationException("The vendor data is empty."));
    }

    public Vendor? Find(string? id) => id is null ? null : _vendors.GetValueOrDefault(id);
}
