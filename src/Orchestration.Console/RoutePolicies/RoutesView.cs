using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Console.RoutePolicies;

/// <summary>The policy that holds, those before it, and who plans by which.</summary>
/// <param name="Versions">Newest first.</param>
/// <param name="ActiveVersion">0 while only what ships holds.</param>
/// <param name="Nodes">Gateways.</param>
/// <param name="Draft">Texts that an edit begins with: of the active version.</param>
public sealed record RoutesView(IReadOnlyList<PolicyVersion> Versions, long ActiveVersion, IReadOnlyList<PolicyNode> Nodes, PolicyDraft Draft);
