using System.Text.Json;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Quality;

/// <summary>What to expect of a model's answers before anything is known about them: the policy's word, else what is shipped.</summary>
internal static class QualityPriors
{
    private static readonly Dictionary<string, QualityPrior> Shipped = Load();

    /// <summary>Null for models that nobody said anything about.</summary>
    public static QualityPrior? Of(CatalogueModel model, IReadOnlyList<QualityPolicy> policy)
    {
        foreach (var own in policy)
        {
            if (string.Equals(own.Model, model.Key, StringComparison.OrdinalIgnoreCase))
                return new QualityPrior { Simple = (double)own.Simple, Moderate = (double)own.Moderate, Complex = (double)own.Complex, Source = "policy" };
        }

        return Shipped.GetValueOrDefault(model.Key);
    }

    /// <summary>Models with a shipped prior, as "provider/id".</summary>
    public static IReadOnlyCollection<string> ShippedModels => Shipped.Keys;

    private static Dictionary<string, QualityPrior> Load()
    {
        using var stream = typeof(QualityPriors).Assembly.GetManifestResourceStream("Orchestration.Routing.Quality.priors.json")!;
        using var document = JsonDocument.Parse(stream);
        var read = new Dictionary<string, QualityPrior>(StringComparer.OrdinalIgnoreCase);
        foreach (var tier in document.RootElement.GetProperty("tiers").EnumerateArray())
        {
            var prior = new QualityPrior
            {
                Simple = tier.GetProperty(RequestClasses.Simple).GetDouble(),
                Moderate = tier.GetProperty(RequestClasses.Moderate).GetDouble(),
                Complex = tier.GetProperty(RequestClasses.Complex).GetDouble(),
                Source = "shipped",
            };
            foreach (var model in tier.GetProperty("models").EnumerateArray()) read.Add(model.GetString()!, prior);
        }

        return read;
    }
}
