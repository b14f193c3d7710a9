using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Policy;

/// <summary>A model that the catalogue does not know, with the one price that its operator names.</summary>
internal sealed record PolicyModel(CatalogueModel Model, int Line)
{
    private const int MostTokens = 100_000_000;

    public static PolicyModel Read(YamlSection section)
    {
        var mode = section.Text("mode", whenAbsent: "chat");
        var model = new CatalogueModel
        {
            Provider = section.Text("provider"),
            Id = section.Text("id"),
            Mode = mode,
            Status = "active",
            ContextWindow = section.Integer("context_window", 1, MostTokens) ?? 0,
            MaxOutput = section.Integer("max_output", 1, MostTokens) ?? 0,
            EmbeddingDimensions = section.Integer("embedding_dimensions", 1, 65_536) ?? 0,
            Capabilities = [.. section.References("capabilities").Select(c => c.Target)],
            Prices = section.Section("price") is { } price ? [ReadPrice(price)] : [],
        };
        if (model.Prices.Count == 0) section.Fail("price", "is missing; a model that costs nothing says so with zeros");
        section.Close();
        return new PolicyModel(model, section.Line);
    }

    public static IReadOnlyList<PolicyError> Check(IReadOnlyList<PolicyModel> models)
    {
        var errors = new List<PolicyError>();
        foreach (var (model, line) in models)
        {
            var path = $"models.{model.Key}";
            if (models.Any(other => other.Line < line && string.Equals(other.Model.Key, model.Key, StringComparison.OrdinalIgnoreCase)))
                errors.Add(new PolicyError(line, path, "stands twice"));
            var problems = new CatalogueValidation($"{model.Provider}.json", new CatalogueFile { Provider = model.Provider, Models = [model] }).Run();
            errors.AddRange(problems.Select(p => new PolicyError(line, path + MemberOf(p), p.Message)));
        }

        return errors;
    }

    private static string MemberOf(CatalogueProblem problem) =>
        problem.Member.Replace("models[0]", "", StringComparison.Ordinal).Replace("prices[0].tiers[0]", "price", StringComparison.Ordinal);

    private static CataloguePrice ReadPrice(YamlSection section)
    {
        var price = new CataloguePrice
        {
            Currency = section.Text("currency"),
            Region = "any",
            Confidence = "high",
            Tiers =
            [
                new CatalogueTier
                {
                    Input = section.Text("input"),
                    Output = section.Text("output"),
                    CacheRead = Optional("cache_read"),
                    CacheWrite = Optional("cache_write"),
                    PerSearch = Optional("per_search"),
                },
            ],
        };
        section.Close();
        return price;

        string? Optional(string key) => section.Text(key, whenAbsent: "") is { Length: > 0 } text ? text : null;
    }
}
