using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>
/// Lets routing see only the endpoints of the listener that a request came in by. Decided before the HTTP method is looked at, so
/// that not even a 405 tells of an endpoint on another listener.
/// </summary>
internal sealed class ListenerMatcherPolicy : MatcherPolicy, INodeBuilderPolicy
{
    // A listener that no requirement names.
    private const string Other = "";
    private const int BeforeHttpMethods = -5_000;

    public override int Order => BeforeHttpMethods;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => Of(endpoint) is not null);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
    {
        var names = endpoints.SelectMany(endpoint => Of(endpoint)?.Names ?? []).Append(Other).Distinct(StringComparer.OrdinalIgnoreCase);
        var edges = new List<PolicyNodeEdge> { new(new Edge(null), endpoints) };
        foreach (var name in names)
        {
            var reachable = endpoints.Where(endpoint => Of(endpoint)?.Allows(name) ?? true).ToList();
            if (reachable.Count > 0)
            {
                edges.Add(new PolicyNodeEdge(new Edge(name), reachable));
            }
        }

        return edges;
    }

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        var unnamed = edges.Single(edge => ((Edge)edge.State).Name is null).Destination;
        var named = edges.Where(edge => ((Edge)edge.State).Name is not null)
            .ToDictionary(edge => ((Edge)edge.State).Name!, edge => edge.Destination, StringComparer.OrdinalIgnoreCase);
        return new JumpTable(unnamed, named, named.GetValueOrDefault(Other, exitDestination));
    }

    private static ListenerRequirement? Of(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ListenerRequirement>();

    private sealed record Edge(string? Name);

    private sealed class JumpTable(int unnamed, Dictionary<string, int> named, int other) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext)
        {
            if (httpContext.GetListenerName() is not { } listener)
            {
                return unnamed;
            }

            return named.TryGetValue(listener, out var destination) ? destination : other;
        }
    }
}
