namespace Orchestration.Providers.Profiles;

/// <summary>How a vendor's answers differ from OpenAI's.</summary>
internal sealed record AnswerProfile
{
    /// <summary>True for a vendor that never sends a finish reason.</summary>
    public bool DoneEndsOpenChoices { get; init; }

    /// <summary>True when a stream is whole only with its <c>[DONE]</c>.</summary>
    public bool DoneIsOnlyEnd { get; init; }

    /// <summary>Name of the tag in which reasoning stands at the beginning of the text; empty when it does not.</summary>
    public string InlineThinkingTag { get; init; } = "";

    /// <summary>Members of deltas and messages that are not passed on.</summary>
    public IReadOnlyList<string> IgnoredMembers { get; init; } = [];

    /// <summary>Number in a choice that is not 0 when the safety check stopped the answer; empty when there is none.</summary>
    public string SafetyFlag { get; init; } = "";

    /// <summary>True when <c>completion_tokens</c> does not hold the reasoning.</summary>
    public bool ReasoningOutsideCompletion { get; init; }
}
