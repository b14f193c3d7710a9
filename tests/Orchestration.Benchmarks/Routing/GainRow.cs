using System.Text.Json;
using Orchestration.Routing.Classification;

namespace Orchestration.Benchmarks.Routing;

/// <summary>A prompt and what a stronger model gained on it.</summary>
internal sealed record GainRow(string Prompt, double Gain)
{
    private const double StrongFromPrice = 0.9;

    /// <summary>Features as (place, value); the same that inference sums.</summary>
    public (int Place, double Value)[] Features { get; } = FeaturesOf(Prompt);

    /// <summary>Rows of RouteLLM; the ones that its own routers were trained on are left out.</summary>
    public static List<GainRow> ReadPairs(string path) =>
        Read(path, row => row.GetProperty("contaminated").GetBoolean() ? null : row.GetProperty("strong").GetDouble() - row.GetProperty("weak").GetDouble());

    /// <summary>Rows of LLMRouter: mean of the dearer models less mean of the cheaper ones.</summary>
    public static List<GainRow> ReadPriced(string path, string pricePath)
    {
        using var prices = JsonDocument.Parse(File.ReadAllBytes(pricePath));
        return Read(path, row =>
        {
            var scores = row.GetProperty("scores").EnumerateObject().ToLookup(
                score => prices.RootElement.GetProperty(score.Name).GetProperty("input_per_m").GetDouble() >= StrongFromPrice,
                score => score.Value.GetDouble());
            return scores[true].Average() - scores[false].Average();
        });
    }

    /// <summary>Rows with scores of two named models.</summary>
    public static List<GainRow> ReadModels(string path, string weak, string strong) =>
        Read(path, row => row.GetProperty("scores").GetProperty(strong).GetDouble() - row.GetProperty("scores").GetProperty(weak).GetDouble());

    private static List<GainRow> Read(string path, Func<JsonElement, double?> gainOf)
    {
        var rows = new List<GainRow>();
        foreach (var line in File.ReadLines(path))
        {
            using var row = JsonDocument.Parse(line);
            if (gainOf(row.RootElement) is { } gain) rows.Add(new GainRow(row.RootElement.GetProperty("prompt").GetString()!, gain));
        }

        return rows;
    }

    private static (int, double)[] FeaturesOf(string prompt)
    {
        var list = new FeatureList([], []);
        var counts = PromptFeatureWalk.Walk(prompt, ref list);
        var each = 1 / Math.Sqrt(Math.Max(1, counts.Grams));
        var grams = list.Grams.CountBy(place => place).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value * each));
        return [.. grams, .. list.Shapes.Select(place => (place, 1.0))];
    }

    private readonly struct FeatureList(List<int> grams, List<int> shapes) : IFeatureSink
    {
        public List<int> Grams => grams;

        public List<int> Shapes => shapes;

        public void AddGram(int index) => grams.Add(index);

        public void AddShape(int index) => shapes.Add(index);
    }
}
