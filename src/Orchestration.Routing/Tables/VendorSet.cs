using System.Collections.Immutable;

namespace Orchestration.Routing.Tables;

/// <summary>Which vendors have a credential, by region; "" is a vendor's only region.</summary>
internal sealed record VendorSet(ImmutableSortedSet<string> Configured)
{
    public static readonly VendorSet None = new(ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal));

    public VendorSet With(string provider, string region, bool configured) =>
        new(configured ? Configured.Add($"{provider}|{region}") : Configured.Remove($"{provider}|{region}"));

    public bool IsConfigured(string provider, string region) => Configured.Contains($"{provider}|{region}") || Configured.Contains($"{provider}|");

    public bool IsConfigured(string provider) => Configured.Any(entry => entry.StartsWith(provider + "|", StringComparison.Ordinal));

    public bool Equals(VendorSet? other) => other is not null && Configured.SetEquals(other.Configured);

    public override int GetHashCode() => Configured.Count;
}
