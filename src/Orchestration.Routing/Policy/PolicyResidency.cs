namespace Orchestration.Routing.Policy;

/// <summary>The regions that the data of one tenant may go to.</summary>
/// <param name="Tenant">Tenant id, or "*" for every tenant without an entry of its own.</param>
/// <param name="Regions">"cn" and "intl".</param>
/// <param name="Line">Where it stands.</param>
internal sealed record PolicyResidency(string Tenant, IReadOnlyList<PolicyReference> Regions, int Line)
{
    public const string EveryTenant = "*";

    public static IReadOnlyList<PolicyResidency> Read(YamlSection? section) => section is null
        ? []
        : [.. section.Names().ToList().Select(tenant => new PolicyResidency(tenant, section.References(tenant), section.LineOf(tenant)))];
}
