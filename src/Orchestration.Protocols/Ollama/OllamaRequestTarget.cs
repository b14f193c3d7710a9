namespace Orchestration.Protocols.Ollama;

/// <summary>What a deployment's Ollama server wants.</summary>
public sealed record OllamaRequestTarget
{
    /// <summary>Model name at the server.</summary>
    public required string Model { get; init; }

    /// <summary>True asks for a stream. It is always said, because the server streams by default.</summary>
    public required bool Stream { get; init; }

    /// <summary>Output limit that is sent when the request has none; null sends none.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Context window to load the model with: a server cuts longer prompts silently. Null leaves the server's default.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>How the names of models begin that take a level ("low", "medium", "high") for <c>think</c> instead of a flag.</summary>
    public IReadOnlyList<string> ThinkLevelPrefixes { get; init; } = [];

    /// <summary>Request members that the server does not take, by OpenAI name; dropped with a warning.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();
}
