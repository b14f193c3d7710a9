namespace Orchestration.Protocols.Embeddings;

/// <summary>What an embeddings request is written for.</summary>
public sealed record EmbeddingsTarget
{
    /// <summary>Model name that the provider is asked for.</summary>
    public required string Model { get; init; }

    /// <summary>True to ask for vectors as base64, which is smaller where the provider knows it.</summary>
    public bool Base64 { get; init; }

    /// <summary>True when the model makes vectors of the length that is asked for.</summary>
    public bool TakesDimensions { get; init; } = true;

    /// <summary>Members that the vendor does not take.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();

    /// <summary>What the texts are for; vendors with two kinds of vectors have to be told.</summary>
    public EmbeddedAs EmbeddedAs { get; init; }
}

/// <summary>What embedded texts are for.</summary>
public enum EmbeddedAs
{
    /// <summary>To be found.</summary>
    Document,

    /// <summary>To find others.</summary>
    Query,
}

/// <summary>The shapes of embeddings requests and answers that vendors use.</summary>
public enum EmbeddingsDialect
{
    /// <summary>OpenAI's.</summary>
    OpenAI,

    /// <summary>MiniMax's own: <c>texts</c>, <c>type</c> and <c>vectors</c>.</summary>
    MiniMax,
}
