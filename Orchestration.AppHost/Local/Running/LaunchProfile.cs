using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The launch profile of a project, read here and not by the started process.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyDictionary<string, string> Environment, string[] Urls, string[] Arguments)
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static LaunchProfile? Find(ProjectResource project, IConfiguration configuration)
    {
        var file = Path.Combine(Path.GetDirectoryName(project.Metadata.ProjectPath)!, "Properties", "launchSettings.json");
        if (project.Options.ExcludeLaunchProfile || !File.Exists(file))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(file), Lenient);
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
            return null;
        var inherited = configuration["DOTNET_LAUNCH_PROFILE"] ?? configuration["AppHost:DefaultLaunchProfileName"];
        var wanted = project.Options.LaunchProfileName
            ?? (inherited is not null && profiles.TryGetProperty(inherited, out _) ? inherited : null)
            ?? profiles.EnumerateObject().FirstOrDefault(profile => Text(profile.Value, "commandName") == "Project").Name;
        return wanted is not null && profiles.TryGetProperty(wanted, out var found) ? Read(wanted, found) : null;
    }

    /// <summary>Adds the profile's addresses and arguments; addresses count only when Kestrel's configuration has none.</summary>
    public void ApplyTo(ProjectResource project)
    {
        var names = new Dictionary<string, int>();
        foreach (var url in project.Endpoints.Count > 0 ? [] : Urls.Select(url => new Uri(url)))
        {
            var number = names[url.Scheme] = names.GetValueOrDefault(url.Scheme) + 1;
            project.Endpoints.Add(new Endpoint(number == 1 ? url.Scheme : $"{url.Scheme}{number}", url.Scheme, url.Port));
        }
        foreach (var argument in Arguments)
            project.Arguments.Add(argument);
        project.EnvironmentChanges.Insert(0, environment =>
        {
            environment["DOTNET_LAUNCH_PROFILE"] = Name;
            foreach (var (name, value) in Environment)
                environment.TryAdd(name, value);
        });
    }

    private static LaunchProfile Read(string name, JsonElement profile) => new(
        name,
        profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.ToString())
            : [],
        Text(profile, "applicationUrl")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
        Text(profile, "commandLineArgs")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
