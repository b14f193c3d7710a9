using System.Text.Json;

namespace Orchestration.Simulator.Chat;

/// <summary>What the simulator needs to know of a chat request.</summary>
internal sealed record ChatRequest
{
    /// <summary>Model as sent, a fault behind its name included.</summary>
    public required string Model { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    public bool Obfuscate { get; init; } = true;

    public int Choices { get; init; } = 1;

    public IReadOnlyList<string> Stop { get; init; } = [];

    public int? MaxTokens { get; init; }

    public bool Logprobs { get; init; }

    /// <summary>True or false when the request says so, null for the model's default.</summary>
    public bool? Thinking { get; init; }

    /// <summary>True when fragments of a tool call are asked for with "tool_stream".</summary>
    public bool ToolStream { get; init; }

    /// <summary>True when reasoning is to come in a member of its own ("reasoning_split").</summary>
    public bool SplitsReasoning { get; init; }

    /// <summary>True when reasoning is to come inside the text ("reasoning_format": "raw").</summary>
    public bool RawReasoning { get; init; }

    /// <summary>True when reasoning is not to come at all ("reasoning_format": "hidden", or "reasoning.exclude").</summary>
    public bool HidesReasoning { get; init; }

    /// <summary>True when usage is to come with every chunk ("continuous_usage_stats").</summary>
    public bool ContinuousUsage { get; init; }

    public AnswerFormat Format { get; init; }

    public JsonElement Schema { get; init; }

    public required Conversation Conversation { get; init; }

    public required ToolOffer Tools { get; init; }
}

internal enum AnswerFormat { Text, JsonObject, JsonSchema }

/// <summary>What the messages amount to.</summary>
/// <param name="LastUserText">Text of the last user message.</param>
/// <param name="EndsWithToolResult">True when the last message carries the result of a tool.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Tokens">Tokens of the prompt, tools included.</param>
/// <param name="Hash">A hash of all roles and texts.</param>
internal sealed record Conversation(string LastUserText, bool EndsWithToolResult, int Images, int Tokens, ulong Hash)
{
    /// <summary>The answer from passages that the last user messages quote; null when they quote none.</summary>
    public string? FromSources { get; init; }
}

/// <summary>The tools of a request.</summary>
/// <param name="Tools">Every function.</param>
/// <param name="Forced">Name of the function that must be called; empty when any will do; null when none must.</param>
/// <param name="Allowed">False when no tool may be called.</param>
/// <param name="Parallel">True when several may be called at once.</param>
internal sealed record ToolOffer(IReadOnlyList<OfferedTool> Tools, string? Forced, bool Allowed, bool Parallel)
{
    public static readonly ToolOffer None = new([], null, false, false);
}

internal sealed record OfferedTool(string Name, JsonElement Parameters);
