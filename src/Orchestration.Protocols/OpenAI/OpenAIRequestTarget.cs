namespace Orchestration.Protocols.OpenAI;

/// <summary>What a deployment's OpenAI-compatible endpoint wants; data of the vendor's profile.</summary>
public sealed record OpenAIRequestTarget
{
    /// <summary>Model name at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>True asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>"max_tokens" or "max_completion_tokens".</summary>
    public string MaxTokensField { get; init; } = "max_tokens";

    /// <summary>Output limit that is sent when the request has none; null sends none.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>True asks for the usage chunk on a stream.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>True keeps the role "developer"; false encodes it as "system".</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>Member that carries earlier reasoning on assistant turns; empty drops it with a warning.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>The vendor's own switch for reasoning on and off: "thinking" (an object with "type"), "enable_thinking" (a boolean, with "thinking_budget"), or empty for none.</summary>
    public string ThinkingField { get; init; } = "";

    /// <summary>Member that carries the hashed end user; empty sends none.</summary>
    public string EndUserField { get; init; } = "user";

    /// <summary>Request members that the provider does not take, by OpenAI name ("seed", "logit_bias"…); dropped with a warning.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();
}
