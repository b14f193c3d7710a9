namespace Orchestration.Protocols.OpenAI;

/// <summary>What is known beforehand about a provider's answers; data of the vendor's profile.</summary>
public sealed record OpenAIStreamOptions
{
    /// <summary>One choice, strict ending.</summary>
    public static OpenAIStreamOptions Default { get; } = new();

    /// <summary>Number of choices that were asked for.</summary>
    public int ExpectedChoices { get; init; } = 1;

    /// <summary>True for providers that never send a finish reason: <c>[DONE]</c> then ends open choices. Relays also send it after a cut, so it is off by default.</summary>
    public bool DoneEndsOpenChoices { get; init; }

    /// <summary>True for providers whose stream is whole only with <c>[DONE]</c>, whatever finish reasons came.</summary>
    public bool DoneIsOnlyEnd { get; init; }

    /// <summary>Name of the tag in which the provider puts reasoning at the beginning of the text; empty when it does not.</summary>
    public string InlineThinkingTag { get; init; } = "";

    /// <summary>Members of deltas that mean nothing to anybody and are not passed on.</summary>
    public IReadOnlyList<string> IgnoredMembers { get; init; } = [];

    /// <summary>Number beside a delta that is not 0 when the provider's safety check stopped the answer; empty when it has none.</summary>
    public string SafetyFlag { get; init; } = "";

    /// <summary>True for providers that count reasoning beside <c>completion_tokens</c>, not in them.</summary>
    public bool ReasoningOutsideCompletion { get; init; }

    /// <summary>The vendor's own errors, for those inside a successful answer.</summary>
    public ProviderErrorRules Errors { get; init; } = ProviderErrorRules.None;
}
