using System.Text.RegularExpressions;
using Orchestration.AppHost.Local.Stores;
using Orchestration.ServiceDefaults;

namespace Orchestration.AppHost.Local.Running;

/// <summary>What a person needs once everything is up: a link, a request that works as printed, and what is not real.</summary>
internal static partial class StartedMessage
{
    private const string Prompt = """{"model":"auto","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    public static IEnumerable<string> Render(IReadOnlyList<IResource> resources, LocalSettings settings, ConsoleLog console, TimeSpan took)
    {
        yield return console.Emphasise($"Everything is up after {took.TotalSeconds:0.0} s. Ctrl-C stops all of it. Data: {settings.DataDirectory}");
        if (Http(resources, ResourceNames.Console) is { } web && Parameter(settings, ParameterNames.SignInToken) is { } token)
        {
            yield return "";
            yield return "Console (this link signs you in until the next start):";
            yield return $"  {web}/signin?token={Uri.EscapeDataString(token)}";
        }
        if (Http(resources, ResourceNames.Gateway) is { } gateway && Parameter(settings, ParameterNames.DevelopmentKey) is { } key)
        {
            yield return "";
            yield return "A request:";
            yield return $"  curl -N {gateway}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{Prompt}'";
            yield return "";
            yield return console.Emphasise(Providers());
        }
        yield return "";
    }

    private static string Providers()
    {
        var real = VendorKeyVariables().Where(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name))).ToList();
        return real.Count == 0
            ? "Providers are SIMULATED: answers are made up and never charged. Set a vendor's key, such as DEEPSEEK_API_KEY, and start again for real ones."
            : $"Providers with a key are REAL and cost money ({string.Join(", ", real)}); all others are SIMULATED.";
    }

    // The vendors' profiles say which variables hold their keys.
    private static IEnumerable<string> VendorKeyVariables()
    {
        var profiles = Path.Combine(Repository.Root, "src", "Orchestration.Providers", "Profiles");
        return Directory.Exists(profiles)
            ? Directory.EnumerateFiles(profiles, "*.json").Order(StringComparer.Ordinal)
                .SelectMany(file => KeyVariable().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct()
            : [];
    }

    private static string? Http(IReadOnlyList<IResource> resources, string name) => resources.OfType<ProjectResource>()
        .FirstOrDefault(project => project.Name == name)?.Endpoints.FirstOrDefault(endpoint => endpoint.Name == "http")?.Url();

    private static string? Parameter(LocalSettings settings, string name) => settings.Configuration[$"Parameters:{name}"];

    [GeneratedRegex("\"apiKeyVariable\"\\s*:\\s*\"([A-Z0-9_]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex KeyVariable();
}
