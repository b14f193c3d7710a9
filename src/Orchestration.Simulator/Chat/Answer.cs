using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>What a model says to a request, in full, before any of it is sent.</summary>
internal sealed record Answer(IReadOnlyList<AnswerChoice> Choices, int InputTokens, int CachedTokens)
{
    /// <summary>Part of the input that was written to the vendor's cache.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>True when the cache keeps what was written for an hour.</summary>
    public bool LongCacheWrite { get; init; }

    public int ReasoningTokens => Choices.Sum(choice => choice.Reasoning.Count);

    public int OutputTokens => Choices.Sum(choice => choice.Tokens);
}

/// <param name="Index">Position among the choices.</param>
/// <param name="Reasoning">What the model thinks; empty for a model that does not.</param>
/// <param name="Content">What the model says; empty when it calls tools.</param>
/// <param name="ToolCalls">Functions that it calls.</param>
/// <param name="FinishReason">"stop", "length" or "tool_calls".</param>
internal sealed record AnswerChoice(
    int Index,
    TokenizedText Reasoning,
    TokenizedText Content,
    IReadOnlyList<AnswerToolCall> ToolCalls,
    string FinishReason)
{
    /// <summary>The stop sequence that ended the content.</summary>
    public string? StopSequence { get; init; }

    public int Tokens { get; } = Reasoning.Count + Content.Count + ToolCalls.Sum(call => call.Tokens);
}

internal sealed record AnswerToolCall(string Id, string Name, TokenizedText Arguments)
{
    /// <summary>Name and frame of the call count as well.</summary>
    private const int FrameTokens = 7;

    public int Tokens => FrameTokens + Arguments.Count;
}
