using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Policy;

/// <summary>When answers may be given again. A route's own rules stand in the place of the policy's as a whole.</summary>
/// <param name="ExactTtl">How long an answer may be given again to an equal request; null never.</param>
/// <param name="ToolCalls">Whether answers that call tools may be.</param>
/// <param name="Tenants">Tenants that it holds for; empty for all.</param>
/// <param name="Semantic">When an answer may be given again to another wording; null never.</param>
internal sealed record CachePolicy(TimeSpan? ExactTtl, bool ToolCalls, IReadOnlyList<PolicyReference> Tenants, SemanticPolicy? Semantic)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static CachePolicy? Read(YamlSection? section)
    {
        if (section is null) return null;
        var isOn = section.Flag("enabled") ?? true;
        var ttl = section.Duration("exact_ttl", Shortest, Longest);
        var semantic = SemanticPolicy.Read(section.Section("semantic"));
        if (isOn && semantic is null && !section.IsText("exact_ttl")) section.Fail("exact_ttl", "is missing; a cache that keeps nothing says enabled: false");
        var policy = new CachePolicy(isOn ? ttl : null, section.Flag("tool_calls") ?? false, section.References("tenants"), isOn ? semantic : null);
        section.Close();
        return policy;
    }

    /// <summary>For the gateways; null when nothing is kept.</summary>
    public CacheRules? ToRules() => ExactTtl is null && Semantic is null
        ? null
        : new CacheRules
        {
            ExactTtl = ExactTtl is { } ttl ? Duration.FromTimeSpan(ttl) : null,
            ToolCalls = ToolCalls,
            Tenants = { Tenants.Select(tenant => tenant.Target) },
            Semantic = Semantic?.ToRules(),
        };
}
