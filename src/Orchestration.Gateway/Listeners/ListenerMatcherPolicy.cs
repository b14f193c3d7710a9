using Microsoft.AspNetCore.Routing.Matching;

namespace Orchestration.Gateway.Listeners;

/// <summary>
/// Routing sees only the endpoints of the listener that a connection came in by. It comes before the HTTP method is looked at, so
/// that not even a 405 tells of an endpoint behind another door.
/// </summary>
internal sealed class ListenerMatcherPolicy : MatcherPolicy, INodeBuilderPolicy
{
    private const int BeforeHttpMethods = -5000;

    public override int Order => BeforeHttpMethods;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<Listener>() is not null)
                return true;
        }

        return false;
    }

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
    {
        var edges = new List<PolicyNodeEdge>(Listener.All.Count);
        foreach (var listener in Listener.All)
        {
            var reachable = endpoints.Where(endpoint => IsReachable(endpoint, listener)).ToList();
            if (reachable.Count > 0)
                edges.Add(new PolicyNodeEdge(listener, reachable));
        }

        return edges;
    }

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) =>
        new ListenerJumpTable(exitDestination, edges.ToDictionary(edge => (Listener)edge.State, edge => edge.Destination));

    private static bool IsReachable(Endpoint endpoint, Listener listener)
    {
        var bound = endpoint.Metadata.GetMetadata<Listener>();
        return bound is null || bound == listener;
    }

    private sealed class ListenerJumpTable(int exitDestination, Dictionary<Listener, int> destinations) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) =>
            httpContext.Features.Get<Listener>() is { } listener && destinations.TryGetValue(listener, out var destination)
                ? destination
                : exitDestination;
    }
}
