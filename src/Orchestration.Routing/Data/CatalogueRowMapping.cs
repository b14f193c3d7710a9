using System.Text.Json;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Data;

/// <summary>Catalogue values to rows and back.</summary>
internal static class CatalogueRowMapping
{
    public static ModelRow ToRow(CatalogueModel model, int version, DateTimeOffset now) => new()
    {
        Provider = model.Provider,
        ModelId = model.Id,
        Version = version,
        Mode = model.Mode,
        Status = model.Status,
        Document = JsonSerializer.Serialize(model with { Prices = [] }, CatalogueJson.Options),
        CreatedAt = now,
    };

    public static PriceRow ToRow(
        CatalogueModel model, CataloguePrice price, int version, DateTimeOffset now, string source = PriceRow.ShippedSource, bool withdrawn = false) => new()
    {
        Name = PriceRecords.NameOf(model.Provider, model.Id, price),
        Version = version,
        Provider = model.Provider,
        ModelId = model.Id,
        Currency = price.Currency,
        Region = price.Region,
        EffectiveFrom = price.EffectiveFrom,
        EffectiveTo = price.EffectiveTo,
        Confidence = price.Confidence,
        InputLimit = price.InputLimit,
        Tiers = JsonSerializer.Serialize(price.Tiers, CatalogueJson.Options),
        Source = source,
        Withdrawn = withdrawn,
        CreatedAt = now,
    };

    public static CatalogueModel ToModel(ModelRow row, IEnumerable<CataloguePrice> prices) =>
        JsonSerializer.Deserialize<CatalogueModel>(row.Document, CatalogueJson.Options)! with { Provider = row.Provider, Prices = [.. prices] };

    public static CataloguePrice ToPrice(PriceRow row) => new()
    {
        Currency = row.Currency,
        Region = row.Region,
        EffectiveFrom = row.EffectiveFrom,
        EffectiveTo = row.EffectiveTo,
        Confidence = row.Confidence,
        InputLimit = row.InputLimit,
        Correction = row.Version - 1,
        Tiers = JsonSerializer.Deserialize<List<CatalogueTier>>(row.Tiers, CatalogueJson.Options)!,
    };

    /// <summary>The content in one form: the database keeps JSON in an order of its own.</summary>
    public static string ContentOf(ModelRow row) =>
        JsonSerializer.Serialize(ToModel(row, []), CatalogueJson.Options);

    /// <inheritdoc cref="ContentOf(ModelRow)"/>
    public static string ContentOf(PriceRow row) =>
        JsonSerializer.Serialize(ToPrice(row) with { Correction = 0 }, CatalogueJson.Options);
}
