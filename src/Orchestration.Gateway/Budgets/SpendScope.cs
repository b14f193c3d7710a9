using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Budgets;

/// <summary>What decides which budgets apply to a request.</summary>
/// <param name="TenantId">Tenant.</param>
/// <param name="ProjectId">Project.</param>
/// <param name="KeyId">Key; empty for work of another service.</param>
/// <param name="Currency">The tenant's currency.</param>
/// <param name="Simulated">True when no real provider stands in the chain.</param>
/// <param name="Groups">Groups of models, in order, a line each: "route:NAME", and "provider:NAME" and "model:NAME" of every candidate.</param>
internal readonly record struct SpendScope(string TenantId, string ProjectId, string KeyId, string Currency, bool Simulated, string Groups)
{
    private const char Separator = '\n';

    public static SpendScope Of(Attribution attribution, Plan plan, bool simulated)
    {
        var groups = new SortedSet<string>(StringComparer.Ordinal) { "route:" + plan.Route };
        foreach (var candidate in plan.Candidates)
        {
            groups.Add("provider:" + candidate.Deployment.Provider);
            groups.Add("model:" + candidate.Deployment.Model);
        }

        return new(attribution.TenantId, attribution.ProjectId, attribution.KeyId, attribution.Currency, simulated, string.Join(Separator, groups));
    }

    public bool IsSameAccount(SpendScope other) => this with { Groups = "" } == other with { Groups = "" };

    public IEnumerable<string> ModelGroups => Groups.Split(Separator);
}
