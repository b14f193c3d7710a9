using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>Removes endpoints from the match that do not belong to the listener of the request.</summary>
internal sealed class ListenerMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => -1_000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<ListenerRequirement>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var listener = httpContext.GetListenerName();
        for (var index = 0; index < candidates.Count; index++)
        {
            if (candidates.IsValidCandidate(index)
                && candidates[index].Endpoint.Metadata.GetMetadata<ListenerRequirement>() is { } requirement
                && !requirement.Allows(listener))
            {
                candidates.SetValidity(index, false);
            }
        }

        return Task.CompletedTask;
    }
}
