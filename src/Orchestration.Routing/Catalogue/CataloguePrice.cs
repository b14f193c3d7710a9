using System.Text.Json.Serialization;

namespace Orchestration.Routing.Catalogue;

/// <summary>One dated price of a model in one currency and region.</summary>
internal sealed record CataloguePrice
{
    public required string Currency { get; init; }

    /// <summary>"cn", "intl" or "any".</summary>
    public required string Region { get; init; }

    /// <summary>First instant at which it holds; null means since ever.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>First instant at which it no longer holds; null means until replaced.</summary>
    public DateTimeOffset? EffectiveTo { get; init; }

    /// <summary>"high", "medium" or "low".</summary>
    public required string Confidence { get; init; }

    /// <summary>Longest prompt whose price is known; null when every length has one.</summary>
    public int? InputLimit { get; init; }

    /// <summary>Grows when the store holds a correction of the same price; never written in a seed file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Correction { get; init; }

    /// <summary>Empty: the vendor sells the model, but its price is not known.</summary>
    public required IReadOnlyList<CatalogueTier> Tiers { get; init; }
}

/// <summary>One row of a price; members as in <c>PriceTier</c> of the contract.</summary>
internal sealed record CatalogueTier
{
    public long? InputTokensLte { get; init; }
    public long? InputTokensGt { get; init; }
    public long? OutputTokensLte { get; init; }
    public bool? Thinking { get; init; }
    public CatalogueWindow? Window { get; init; }
    public string? ServiceTier { get; init; }
    public required string Input { get; init; }
    public required string Output { get; init; }
    public string? CacheRead { get; init; }
    public string? CacheWrite { get; init; }

    [JsonPropertyName("cache_write_1h")]
    public string? CacheWrite1h { get; init; }

    public string? AudioInput { get; init; }
    public string? AudioOutput { get; init; }
    public string? PerSearch { get; init; }
}

/// <summary>A weekly time-of-day window.</summary>
internal sealed record CatalogueWindow
{
    /// <summary>IANA name.</summary>
    public required string TimeZone { get; init; }

    /// <summary>ISO week days, 1 (Monday) to 7 (Sunday); empty means every day.</summary>
    public IReadOnlyList<int> Days { get; init; } = [];

    public required IReadOnlyList<CatalogueRange> Ranges { get; init; }
}

/// <summary>A half-open range of the local day, "09:00" to "24:00".</summary>
internal sealed record CatalogueRange
{
    public required string From { get; init; }
    public required string To { get; init; }
}
