using Orchestration.Contracts.Providers.V1;
using Orchestration.Routing.Tables;

namespace Orchestration.Routing.Serving;

/// <summary>Which vendors have a credential, as last heard from Providers.</summary>
internal sealed class VendorView
{
    private volatile VendorSet? _current;

    /// <summary>Null until Providers was heard.</summary>
    public VendorSet? Current => _current;

    public ChangeSignal Changed { get; } = new();

    /// <summary>Takes an update; the first of a stream replaces everything that was known.</summary>
    public void Take(VendorsUpdate update, bool isFirst)
    {
        var next = isFirst || _current is null ? VendorSet.None : _current;
        foreach (var vendor in update.Vendors) next = next.With(vendor.Provider, vendor.Region, vendor.Configured);
        if (_current is { } known && known.Equals(next)) return;
        _current = next;
        Changed.Raise();
    }
}
