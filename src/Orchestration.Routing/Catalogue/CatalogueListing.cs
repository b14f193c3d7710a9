using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Catalogue;

/// <summary>The catalogue as the contract shows it.</summary>
internal static class CatalogueListing
{
    public static ListCatalogueResponse List(
        ModelCatalogue catalogue, IReadOnlyDictionary<string, Failure> problems, string provider, DateTimeOffset now)
    {
        var response = new ListCatalogueResponse();
        var models = catalogue.Models
            .Where(m => provider.Length == 0 || string.Equals(m.Provider, provider, StringComparison.OrdinalIgnoreCase))
            .OrderBy(m => m.Provider, StringComparer.Ordinal).ThenBy(m => m.Id, StringComparer.Ordinal);
        foreach (var model in models) response.Entries.Add(Entry(catalogue, model, problems.GetValueOrDefault(model.Key), now));
        return response;
    }

    public static Capabilities CapabilitiesOf(CatalogueModel model) => new()
    {
        Tools = model.Capabilities.Contains("tools"),
        Vision = model.Capabilities.Contains("vision"),
        JsonObject = model.Capabilities.Contains("json_object"),
        JsonSchema = model.Capabilities.Contains("json_schema"),
        Reasoning = model.Capabilities.Contains("reasoning"),
        Streaming = model.Capabilities.Contains("streaming"),
    };

    private static CatalogueEntry Entry(ModelCatalogue catalogue, CatalogueModel model, Failure? problem, DateTimeOffset now) => new()
    {
        Id = model.Id,
        Provider = model.Provider,
        Mode = model.Mode,
        Status = model.Status,
        Successor = model.Successor ?? "",
        ContextWindow = model.ContextWindow,
        MaxOutput = model.MaxOutput,
        Capabilities = CapabilitiesOf(model),
        Prices = { catalogue.PricesAt(model, now).Select(o => o.Price.Record) },
        Problem = problem,
    };
}
