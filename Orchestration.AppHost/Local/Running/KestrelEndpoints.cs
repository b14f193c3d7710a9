using Microsoft.Extensions.Configuration;

namespace Orchestration.AppHost.Local.Running;

/// <summary>Reads a project's addresses from <c>Kestrel:Endpoints</c> of its appsettings.</summary>
internal static class KestrelEndpoints
{
    public static void AddTo(ProjectResource project, string environmentName)
    {
        var folder = Path.GetDirectoryName(project.Metadata.ProjectPath)!;
        var endpoints = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(folder, $"appsettings.{environmentName}.json"), optional: true)
            .Build()
            .GetSection("Kestrel:Endpoints").GetChildren()
            .Where(section => section["Url"] is not null)
            .Select(section => (section.Key, Url: new Uri(section["Url"]!.Replace("://*", "://localhost", StringComparison.Ordinal))))
            .ToList();
        foreach (var sameScheme in endpoints.GroupBy(endpoint => endpoint.Url.Scheme))
        {
            // The only endpoint of a scheme is called after the scheme, whatever its key.
            var single = sameScheme.Count() == 1;
            foreach (var (key, url) in sameScheme)
            {
                var name = single ? url.Scheme : key;
                project.Endpoints.Add(new Endpoint(name, url.Scheme, url.Port > 0 ? url.Port : null));
                project.KestrelKeys[name] = key;
            }
        }
    }
}
