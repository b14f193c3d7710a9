using Orchestration.Protocols.Embeddings;

namespace Orchestration.Providers.Profiles;

/// <summary>Deviations and limits of a vendor's embeddings.</summary>
internal sealed record EmbeddingsProfile
{
    private const int MostParallelCalls = 32;

    /// <summary>Shape of requests and answers.</summary>
    public EmbeddingsDialect Dialect { get; init; }

    /// <summary>True when vectors may be asked for as base64.</summary>
    public bool Base64 { get; init; }

    /// <summary>Most texts of one call; 0 means as many as a request may have.</summary>
    public int MaxInputs { get; init; }

    /// <summary>Most texts of one call for single models.</summary>
    public IReadOnlyDictionary<string, int> ModelMaxInputs { get; init; } = new Dictionary<string, int>();

    /// <summary>Most tokens of all texts of one call together; 0 means no limit.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Most calls of one request at a time, when it takes several.</summary>
    public int ParallelCalls { get; init; } = 4;

    /// <summary>Models whose vectors have one length only; "*" stands for all.</summary>
    public HashSet<string> FixedDimensions { get; init; } = [];

    /// <summary>Members that the vendor does not take.</summary>
    public HashSet<string> UnsupportedMembers { get; init; } = [];

    /// <summary>Most texts of one call with a model.</summary>
    public int MaxInputsOf(string model) =>
        ModelMaxInputs.TryGetValue(model, out var most) || (most = MaxInputs) > 0 ? most : int.MaxValue;

    /// <summary>True when the model makes vectors of other lengths than its own.</summary>
    public bool TakesDimensions(string model) => !FixedDimensions.Contains("*") && !FixedDimensions.Contains(model);

    /// <summary>What is wrong with the section; null when nothing is.</summary>
    public string? Problem() =>
        !Enum.IsDefined(Dialect) ? "embeddings.dialect is unknown"
        : MaxInputs < 0 ? "embeddings.maxInputs must not be negative"
        : ModelMaxInputs.Values.Any(most => most < 1) ? "embeddings.modelMaxInputs must be 1 or more"
        : MaxTokens < 0 ? "embeddings.maxTokens must not be negative"
        : ParallelCalls is < 1 or > MostParallelCalls ? $"embeddings.parallelCalls must be 1 to {MostParallelCalls}"
        : null;
}
