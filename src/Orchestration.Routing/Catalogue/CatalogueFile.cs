using System.Text.Json.Serialization;

namespace Orchestration.Routing.Catalogue;

/// <summary>The catalogue of one provider, as it stands in a seed file.</summary>
internal sealed record CatalogueFile
{
    public required string Provider { get; init; }
    public required IReadOnlyList<CatalogueModel> Models { get; init; }
}

/// <summary>A model as the catalogue knows it.</summary>
internal sealed record CatalogueModel
{
    /// <summary>Set from the file, not written in it.</summary>
    [JsonIgnore]
    public string Provider { get; init; } = "";

    public required string Id { get; init; }

    /// <summary>"chat", "embedding" or "rerank".</summary>
    public required string Mode { get; init; }

    /// <summary>"active", "legacy", "redirected" or "retired".</summary>
    public required string Status { get; init; }

    /// <summary>Id of the model of the same provider that answers for a retired or redirected one.</summary>
    public string? Successor { get; init; }

    public DateOnly? RetiredOn { get; init; }

    /// <summary>Tokens; 0 when unknown.</summary>
    public int ContextWindow { get; init; }

    /// <summary>Tokens of the longest prompt where it is shorter than the window; 0 when not.</summary>
    public int MaxInput { get; init; }

    /// <summary>Tokens; 0 when unknown.</summary>
    public int MaxOutput { get; init; }

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Default length of its vectors; 0 for models that make none.</summary>
    public int EmbeddingDimensions { get; init; }

    public IReadOnlyList<int> AllowedDimensions { get; init; } = [];

    /// <summary>Most texts in one embedding call; 0 when unknown.</summary>
    public int MaxBatch { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public required IReadOnlyList<CataloguePrice> Prices { get; init; }

    /// <summary>"provider/id": unique in the catalogue and the name of the model's own route.</summary>
    [JsonIgnore]
    public string Key => $"{Provider}/{Id}";

    /// <summary>Whether the vendor still answers under this id with this model.</summary>
    [JsonIgnore]
    public bool IsServed => Status is "active" or "legacy";
}
