using Orchestration.Benchmarks.Running;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Policy;

/// <summary>Versions of the shipped policy that each answer the route "probe" by another model, so that an answer tells by which one it was planned.</summary>
internal sealed class MeasuredVersions
{
    /// <summary>Asked for by the load; every version has it.</summary>
    public const string Route = "probe";

    /// <summary>The models that the versions answer by.</summary>
    public static readonly ModelName[] Models =
    [
        new("deepseek", "deepseek-flash"), new("alibaba", "qwen3-max"), new("zhipu", "glm-4.6"), new("moonshot", "kimi-k2.6"),
        new("openai", "gpt-4.1-mini"), new("zhipu", "glm-4.7"), new("openai", "gpt-5-mini"), new("deepseek", "deepseek-v4-pro"),
    ];

    private readonly Dictionary<string, string> _models = [];

    /// <summary>Numbers of the versions, in the order of their models.</summary>
    public List<string> Numbers { get; } = [];

    public static async Task<MeasuredVersions> StoreAsync(ChatGateway gateway, CancellationToken cancellationToken)
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "src", "Orchestration.Routing", "Policy", "default.yaml"), cancellationToken);
        var versions = new MeasuredVersions();
        foreach (var model in Models)
        {
            var text = shipped.Replace("\nroutes:\n", $"\nroutes:\n  {Route}: {{ chain: [{model.Vendor}/{model.Id}] }}\n", StringComparison.Ordinal);
            versions.Numbers.Add(await gateway.StorePolicyAsync(text, cancellationToken));
            versions._models[versions.Numbers[^1]] = model.Id;
        }

        return versions;
    }

    /// <summary>The model that a version answers the route by; null for a version that is not one of these.</summary>
    public string? ModelOf(string version) => _models.GetValueOrDefault(version);
}
