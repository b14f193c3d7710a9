using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tables;
using Orchestration.Routing.Tests.Policy;

namespace Orchestration.Routing.Tests.Tables;

internal static class TableSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly Uri Simulator = new("http://127.0.0.1:8095/");
    public static readonly PolicyDocument ShippedPolicy = PolicySamples.Checked(PolicyReader.ReadShippedText());

    /// <param name="configured">Credentials as "provider" or "provider:region".</param>
    public static VendorSet Vendors(params string[] configured) =>
        configured.Select(c => c.Split(':')).Aggregate(VendorSet.None, (set, c) => set.With(c[0], c.Length > 1 ? c[1] : "", configured: true));

    public static BuiltTable Shipped(params string[] configured) => Build(ShippedPolicy, Simulator, configured);

    public static BuiltTable Sample(string yaml, params string[] configured) => Build(PolicySamples.Checked(yaml), Simulator, configured);

    public static BuiltTable Build(PolicyDocument policy, Uri? simulator, params string[] configured) =>
        RouteTableBuilder.Build(new RoutingInputs(policy, "1", PolicySamples.Catalogue.With(policy.Models), Vendors(configured), simulator), Now);

    public static IReadOnlyList<Deployment> Chain(this BuiltTable built, string route, string? requestClass = null)
    {
        var made = built.Table.Routes[route];
        return [.. (requestClass is null ? made.Chain : made.ClassChains[requestClass].Deployments).Select(id => built.Table.Deployments[id])];
    }
}
