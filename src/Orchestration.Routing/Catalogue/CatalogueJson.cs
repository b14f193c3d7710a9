using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Routing.Catalogue;

/// <summary>The one JSON form of catalogue data: seed files, the tiers column, the snapshot on disk.</summary>
internal static class CatalogueJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };
}
