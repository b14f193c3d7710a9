using System.Text.Json;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Data;

/// <summary>One version of a model; the latest version of an id counts. Rows are only ever added.</summary>
internal sealed class ModelRow
{
    /// <summary>Grows with every row of the table.</summary>
    public long Sequence { get; init; }

    public required string Provider { get; init; }
    public required string ModelId { get; init; }
    public required int Version { get; init; }
    public required string Mode { get; init; }
    public required string Status { get; init; }

    /// <summary>The model without its prices, in the form of the seed files.</summary>
    public required string Document { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One version of a dated price; the latest version of a name counts. Rows are only ever added.</summary>
internal sealed class PriceRow
{
    public const string ShippedSource = "shipped";

    public long Sequence { get; init; }

    /// <summary>"provider/model:currency:region@from".</summary>
    public required string Name { get; init; }

    public required int Version { get; init; }
    public required string Provider { get; init; }
    public required string ModelId { get; init; }
    public required string Currency { get; init; }
    public required string Region { get; init; }
    public required DateTimeOffset? EffectiveFrom { get; init; }
    public required DateTimeOffset? EffectiveTo { get; init; }
    public required string Confidence { get; init; }
    public required int? InputLimit { get; init; }

    /// <summary>The tiers, in the form of the seed files.</summary>
    public required string Tiers { get; init; }

    /// <summary>"shipped", or who or what brought it.</summary>
    public string Source { get; init; } = ShippedSource;

    /// <summary>Takes the name out of the catalogue until a later version.</summary>
    public bool Withdrawn { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One version of the policy; at most one is active.</summary>
internal sealed class PolicyRow
{
    public long Version { get; init; }
    public required string Yaml { get; init; }

    /// <summary>SHA-256 of the texts, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>"shipped" or who wrote it.</summary>
    public required string Source { get; init; }

    /// <summary>Name for people, from the document.</summary>
    public required string Label { get; init; }

    /// <summary>What it is for.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Overlays by tenant, YAML; a JSON object.</summary>
    public string Overlays { get; init; } = "{}";

    public bool Active { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public PolicyTexts Texts() => new(Yaml, JsonSerializer.Deserialize<Dictionary<string, string>>(Overlays)!);
}
