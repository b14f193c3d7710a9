using Orchestration.AppHost.Local.Stores;

namespace Orchestration.AppHost.Local.Running;

/// <summary>Gives every endpoint its ports before anything starts, and finds those that others hold.</summary>
internal static class PortPlan
{
    public static void Allocate(IEnumerable<IResource> resources, bool randomPorts)
    {
        foreach (var resource in resources.OfType<IResourceWithEndpoints>())
        {
            var replicas = resource is ProjectResource project ? project.Replicas : 1;
            foreach (var endpoint in resource.Endpoints)
                endpoint.Allocate([.. Enumerable.Range(0, replicas).Select(replica => replica == 0 && !randomPorts && endpoint.WantedPort is { } wanted ? wanted : FreePort.Next())]);
        }
    }

    /// <returns>One sentence for each endpoint that cannot have its port.</returns>
    public static IReadOnlyList<string> FindTaken(IEnumerable<IResource> resources)
    {
        var problems = new List<string>();
        var owners = new Dictionary<int, string>();
        foreach (var resource in resources.OfType<IResourceWithEndpoints>())
        {
            foreach (var endpoint in resource.Endpoints)
            {
                var owner = $"{resource.Name} ({endpoint.Name})";
                foreach (var port in endpoint.Ports)
                {
                    if (!owners.TryAdd(port, owner))
                        problems.Add($"{owner} and {owners[port]} both want port {port}.");
                    else if (!FreePort.IsFree(port))
                        problems.Add($"{owner} wants port {port}, which is taken by {PortHolder.Find(port) ?? "a process that cannot be read"}.");
                }
            }
        }
        return problems;
    }
}
