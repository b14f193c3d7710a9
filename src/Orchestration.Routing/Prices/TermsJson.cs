using System.Text.Json;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>Terms as they are stored.</summary>
internal static class TermsJson
{
    public static string Write(OwnTerms terms) => JsonSerializer.Serialize(terms with { Correction = 0 }, CatalogueJson.Options);

    public static OwnTerms Read(TenantTermsRow row) =>
        JsonSerializer.Deserialize<OwnTerms>(row.Document, CatalogueJson.Options)! with { Correction = row.Version - 1 };
}
