using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestration.AppHost.Local.Running;

/// <summary><c>endpoints.json</c> in the data folder: addresses, keys and processes for programs that come along.</summary>
internal static class EndpointsFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(IReadOnlyList<IResource> resources, RunGraph graph, LocalSettings settings)
    {
        var root = new JsonObject();
        foreach (var project in resources.OfType<ProjectResource>().Where(project => project.Endpoints.Count > 0))
            root[project.Name] = new JsonObject(project.Endpoints.Select(endpoint => KeyValuePair.Create(endpoint.Name, (JsonNode?)Numeric(endpoint.Url()))));
        foreach (var store in resources.OfType<IResourceWithConnectionString>().Where(store => store is not PostgresDatabaseResource))
        {
            var amqp = store.ConnectionString?.StartsWith("amqp", StringComparison.Ordinal) == true;
            root[store.Name] = new JsonObject { [amqp ? "amqp" : "connection_string"] = store.ConnectionString };
        }
        root["keys"] = new JsonObject
        {
            ["development"] = settings.Configuration[$"Parameters:{ParameterNames.DevelopmentKey}"],
            ["admin"] = settings.Configuration[$"Parameters:{ParameterNames.AdminKey}"],
        };
        root["processes"] = new JsonObject(graph.Runs.Where(run => run.ProcessIds.Count > 0)
            .Select(run => KeyValuePair.Create(run.Resource.Name, (JsonNode?)new JsonArray([.. run.ProcessIds.Select(id => JsonValue.Create(id))]))));
        Save(PathIn(settings.DataDirectory), root.ToJsonString(Indented));
    }

    public static void Remove(string dataDirectory) => File.Delete(PathIn(dataDirectory));

    private static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "endpoints.json");

    // Programs that measure should not have to choose between two address families.
    private static string Numeric(string url) => url.Replace("://localhost:", "://127.0.0.1:", StringComparison.Ordinal);

    private static void Save(string path, string content)
    {
        var fresh = path + ".new";
        PrivateFile.Write(fresh, content);
        // Renamed, so that whoever waits for the file never reads half of it.
        File.Move(fresh, path, overwrite: true);
    }
}
