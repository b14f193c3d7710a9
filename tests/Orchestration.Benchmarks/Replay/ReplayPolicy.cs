using System.Globalization;
using System.Text;

namespace Orchestration.Benchmarks.Replay;

/// <summary>The policy of a replay: the models with their prices, an even split of the strongest and the cheapest, and auto over all of them.</summary>
internal static class ReplayPolicy
{
    public const string Auto = "auto";
    public const string Half = "half";
    public static readonly string[] Classes = ["simple", "moderate", "complex"];

    public static string Yaml(IReadOnlyList<ReplayModel> models, ReplayModel strong, ReplayModel cheapest, AutoWeights weights, IReadOnlyDictionary<(string Class, string Model), double> priors)
    {
        var yaml = new StringBuilder("label: replay\nexecution: { max_attempts: 4, first_token_timeout: 30s, total_deadline: 120s }\nmodels:\n");
        foreach (var model in models)
            Line(yaml, $"  - {{ provider: {model.Name.Vendor}, id: \"{model.Id}\", context_window: 32768, capabilities: [streaming], price: {{ currency: USD, input: \"{model.PricePerMillion}\", output: \"{model.PricePerMillion}\" }} }}");
        if (priors.Count > 0)
            yaml.Append("quality:\n");
        foreach (var model in priors.Count > 0 ? models : [])
            Line(yaml, $"  \"{model.Key}\": {{ {string.Join(", ", Classes.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name}: {priors[(name, model.Id)]:0.####}")))} }}");
        var all = string.Join(", ", models.Select(model => $"\"{model.Key}\""));
        yaml.Append("routes:\n");
        Line(yaml, $"  {Auto}:");
        Line(yaml, $"    weights: {{ quality: {weights.Quality}, economy: {weights.Economy}, health: {AutoWeights.Health}, limits: {AutoWeights.Limits} }}");
        Line(yaml, $"    classes: {{ {string.Join(", ", Classes.Select(name => $"{name}: [{all}]"))} }}");
        Line(yaml, $"  {Half}:");
        Line(yaml, $"    split: [{{ percent: 50, chain: [\"{strong.Key}\"] }}, {{ percent: 50, chain: [\"{cheapest.Key}\"] }}]");
        return yaml.ToString();
    }

    private static void Line(StringBuilder yaml, FormattableString text) => yaml.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
