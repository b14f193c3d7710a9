namespace Orchestration.Protocols.Gemini;

/// <summary>What a deployment's generateContent endpoint wants; the model itself is named in the address.</summary>
public sealed record GeminiRequestTarget
{
    /// <summary>"provider/model" of the deployment: reasoning that another origin signed is not sent.</summary>
    public required string Origin { get; init; }

    /// <summary>What the model takes.</summary>
    public GeminiModelRule Rule { get; init; } = GeminiModelRule.Newest;

    /// <summary>Output limit that is sent when the request has none; null sends none.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Request members that the endpoint does not take, by OpenAI name ("seed", "logprobs"…); dropped with a warning.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();
}
