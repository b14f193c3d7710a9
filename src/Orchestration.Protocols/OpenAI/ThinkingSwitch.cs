namespace Orchestration.Protocols.OpenAI;

/// <summary>How a model's reasoning is switched; data of the vendor's profile.</summary>
public sealed record ThinkingSwitch
{
    /// <summary>Nothing is known: efforts go on as they are, a switch cannot be sent.</summary>
    public static ThinkingSwitch Unknown { get; } = new();

    /// <summary>All values of <see cref="Form"/>.</summary>
    public static IReadOnlySet<string> Forms { get; } = new HashSet<string> { "", "thinking", "enable_thinking", "reasoning", "effort", "always", "never" };

    /// <summary>
    /// "thinking" is an object with "type", "enable_thinking" a boolean, "reasoning" an object with "enabled", "effort" and "max_tokens";
    /// with "effort" the effort "none" switches off; "always" and "never" have no switch. Empty when nothing is known.
    /// </summary>
    public string Form { get; init; } = "";

    /// <summary>True for a model that reasons unless told otherwise.</summary>
    public bool ByDefault { get; init; }

    /// <summary>False for a model that refuses to be switched off.</summary>
    public bool CanDisable { get; init; } = true;

    /// <summary>
    /// True for a model that cannot be made to call a tool while it reasons: a forced tool then switches reasoning off, unless the caller
    /// asked for reasoning.
    /// </summary>
    public bool YieldsToForcedTool { get; init; }

    /// <summary>
    /// True for a model that reasons only where every earlier turn with tool calls carries its reasoning: a conversation that lacks some,
    /// because the client does not keep it, switches reasoning off, unless the caller asked for reasoning.
    /// </summary>
    public bool YieldsToLostReasoning { get; init; }

    /// <summary>Member for the effort; empty when the model takes none.</summary>
    public string EffortField { get; init; } = "reasoning_effort";

    /// <summary>The vendor's words for OpenAI's efforts; those that are missing go on as they are.</summary>
    public IReadOnlyDictionary<string, string> Efforts { get; init; } = new Dictionary<string, string>();

    /// <summary>Member for the most reasoning tokens; empty when the model takes none.</summary>
    public string BudgetField { get; init; } = "";

    /// <summary>Smallest budget that the model takes.</summary>
    public int MinBudget { get; init; }

    /// <summary>Largest budget that the model takes; 0 when unknown.</summary>
    public int MaxBudget { get; init; }
}
