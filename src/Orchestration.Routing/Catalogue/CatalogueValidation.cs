using Orchestration.Pricing;

namespace Orchestration.Routing.Catalogue;

/// <summary>Finds every mistake in the catalogue of one provider.</summary>
internal sealed class CatalogueValidation(string file, CatalogueFile catalogue)
{
    private static readonly string[] Modes = ["chat", "embedding", "rerank"];
    private static readonly string[] Statuses = ["active", "legacy", "redirected", "retired"];
    private static readonly string[] Confidences = ["high", "medium", "low"];
    private static readonly string[] Capabilities = ["tools", "vision", "json_object", "json_schema", "reasoning", "streaming"];
    private readonly List<CatalogueProblem> _problems = [];

    public IReadOnlyList<CatalogueProblem> Run()
    {
        if (catalogue.Provider.Length == 0 || $"{catalogue.Provider}.json" != file) Add("provider", "is not the name of the file");
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < catalogue.Models.Count; i++)
        {
            var model = catalogue.Models[i];
            var path = $"models[{i}]";
            if (model.Id.Length == 0) Add($"{path}.id", "is empty");
            if (!ids.Add(model.Id)) Add($"{path}.id", $"'{model.Id}' stands twice");
            CheckModel(model, path);
            CheckSuccessor(model, path);
            for (var p = 0; p < model.Prices.Count; p++) CheckPrice(model, p, $"{path}.prices[{p}]");
        }

        return _problems;
    }

    private void CheckModel(CatalogueModel model, string path)
    {
        if (!Modes.Contains(model.Mode)) Add($"{path}.mode", "is not chat, embedding or rerank");
        if (!Statuses.Contains(model.Status)) Add($"{path}.status", "is not active, legacy, redirected or retired");
        if (model.ContextWindow < 0) Add($"{path}.context_window", "is negative");
        if (model.MaxInput < 0) Add($"{path}.max_input", "is negative");
        if (model.MaxOutput < 0) Add($"{path}.max_output", "is negative");
        if (model.EmbeddingDimensions < 0) Add($"{path}.embedding_dimensions", "is negative");
        if (model.Mode == "embedding" && model.EmbeddingDimensions == 0) Add($"{path}.embedding_dimensions", "is missing");
        for (var i = 0; i < model.Capabilities.Count; i++)
            if (!Capabilities.Contains(model.Capabilities[i])) Add($"{path}.capabilities[{i}]", $"'{model.Capabilities[i]}' is not a known capability");
    }

    private void CheckSuccessor(CatalogueModel model, string path)
    {
        if (model.Successor is null) return;
        if (model.IsServed) Add($"{path}.successor", "is named although the model is served");
        var successor = catalogue.Models.FirstOrDefault(m => m.Id == model.Successor);
        if (successor is null) Add($"{path}.successor", $"'{model.Successor}' is not in the catalogue");
        else if (!successor.IsServed) Add($"{path}.successor", $"'{model.Successor}' is not served itself");
        else if (successor.Mode != model.Mode) Add($"{path}.successor", $"'{model.Successor}' has another mode");
    }

    private void CheckPrice(CatalogueModel model, int index, string path)
    {
        var price = model.Prices[index];
        if (!Confidences.Contains(price.Confidence)) Add($"{path}.confidence", "is not high, medium or low");
        if (price.InputLimit <= 0) Add($"{path}.input_limit", "is not above zero");
        if (model.Prices.Take(index).Any(other => Overlap(price, other))) Add(path, "holds at the same time as another price of its currency and region");
        if (price.Tiers.Count == 0) return;
        try
        {
            _ = Price.Parse(PriceRecords.From(model with { Provider = catalogue.Provider }, price));
        }
        catch (InvalidPriceException invalid)
        {
            Add($"{path}.{invalid.Member}", invalid.Message[(invalid.Message.IndexOf(invalid.Member, StringComparison.Ordinal) + invalid.Member.Length)..].Trim(' ', '.'));
        }
    }

    private static bool Overlap(CataloguePrice left, CataloguePrice right) =>
        left.Currency == right.Currency && left.Region == right.Region
        && (left.EffectiveFrom ?? DateTimeOffset.MinValue) < (right.EffectiveTo ?? DateTimeOffset.MaxValue)
        && (right.EffectiveFrom ?? DateTimeOffset.MinValue) < (left.EffectiveTo ?? DateTimeOffset.MaxValue);

    private void Add(string member, string message) => _problems.Add(new CatalogueProblem(file, member, message));
}
