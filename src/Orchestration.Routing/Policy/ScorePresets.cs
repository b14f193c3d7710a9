using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Policy;

/// <summary>Ready-made weights. Only their ratios matter.</summary>
internal static class ScorePresets
{
    private static readonly Dictionary<string, ScoreWeights> Presets = new(StringComparer.Ordinal)
    {
        ["cheap"] = new() { Quality = 22, Economy = 45, Latency = 4, Health = 20, Limits = 5, Affinity = 4, Budget = 8 },
        ["balanced"] = new() { Quality = 45, Economy = 22, Latency = 8, Health = 20, Limits = 5, Affinity = 4, Budget = 4 },
        ["fast"] = new() { Quality = 22, Economy = 8, Latency = 45, Health = 20, Limits = 5, Affinity = 4, Budget = 4 },
        // A hundredth of quality outweighs the whole of price and time: they decide between models that are expected to answer equally well.
        ["best"] = new() { Quality = 90, Economy = 0.4, Latency = 0.4, Health = 20, Limits = 5, Affinity = 0.4, Budget = 2 },
    };

    public static string Names => string.Join(", ", Presets.Keys);

    public static ScoreWeights? Find(string name) => Presets.GetValueOrDefault(name);
}
