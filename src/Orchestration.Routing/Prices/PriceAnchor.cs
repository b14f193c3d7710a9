using System.Text.Json;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>A price that is known for sure at a day.</summary>
internal sealed record PriceAnchor
{
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Price of a million output tokens of an ordinary request.</summary>
    public required string Output { get; init; }

    /// <summary>The anchors of this build.</summary>
    public static IReadOnlyList<PriceAnchor> ReadShipped()
    {
        using var stream = typeof(PriceAnchor).Assembly.GetManifestResourceStream("Orchestration.Routing.Prices.anchors.json")!;
        return JsonSerializer.Deserialize<List<PriceAnchor>>(stream, CatalogueJson.Options)!;
    }
}
