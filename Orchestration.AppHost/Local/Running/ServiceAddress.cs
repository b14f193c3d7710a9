using System.Globalization;

namespace Orchestration.AppHost.Local.Running;

/// <summary>How a process learns the address of another: service discovery and a plain variable.</summary>
internal static class ServiceAddress
{
    public static void Add(IDictionary<string, string> environment, IResourceWithEndpoints target, Endpoint endpoint)
    {
        var key = endpoint.Name is "http" or "https" ? endpoint.Scheme : endpoint.Name;
        var index = 0;
        for (var replica = 0; replica < endpoint.Ports.Count; replica++)
        {
            var url = endpoint.Url(replica);
            while (environment.TryGetValue(Variable(index), out var known) && known != url)
                index++;
            environment[Variable(index)] = url;
        }
        environment[$"{VariableName.Of(target.Name)}_{VariableName.Of(endpoint.Name)}"] = endpoint.Url();

        string Variable(int number) => string.Create(CultureInfo.InvariantCulture, $"services__{target.Name}__{key}__{number}");
    }
}
