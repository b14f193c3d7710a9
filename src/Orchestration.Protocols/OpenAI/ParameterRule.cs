using System.Text.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What becomes of one request member on its way to a vendor; data of the vendor's profile. Every change is a warning unless it keeps the meaning.</summary>
public sealed record ParameterRule
{
    /// <summary>The member, by its name on OpenAI's wire.</summary>
    public required string Param { get; init; }

    /// <summary>What is done with it.</summary>
    public ParameterAction Action { get; init; } = ParameterAction.Limit;

    /// <summary>When the rule holds.</summary>
    public ParameterCondition When { get; init; } = ParameterCondition.Always;

    /// <summary>Smallest number that the vendor takes.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number that the vendor takes.</summary>
    public double? Max { get; init; }

    /// <summary>Longest list that the vendor takes; the first items stay.</summary>
    public int? MaxItems { get; init; }

    /// <summary>Most UTF-8 bytes of a text in the list; longer ones are left out.</summary>
    public int? MaxItemBytes { get; init; }

    /// <summary>New name for <see cref="ParameterAction.Rename"/>, name of the outer object for <see cref="ParameterAction.Wrap"/>.</summary>
    public string To { get; init; } = "";

    /// <summary>Value for <see cref="ParameterAction.Set"/> and <see cref="ParameterAction.Fix"/>; for <see cref="ParameterAction.Drop"/> the value that is the vendor's own default and goes without a warning.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Other words for the words that the vendor does not know; an empty one drops the member. The keys of <c>tool_choice</c> are "auto", "none", "required" and "named"; "without_tools" leaves out the tools as well.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();
}

/// <summary>What is done with a request member.</summary>
public enum ParameterAction
{
    /// <summary>Holds numbers between <see cref="ParameterRule.Min"/> and <see cref="ParameterRule.Max"/> and lists to their limits, and replaces the words of <see cref="ParameterRule.Map"/>.</summary>
    Limit,

    /// <summary>Leaves it as it is; for a model that takes what the vendor's other models do not.</summary>
    Pass,

    /// <summary>Leaves it out.</summary>
    Drop,

    /// <summary>Gives it the vendor's name.</summary>
    Rename,

    /// <summary>Sends the only value that the vendor takes when the member was given.</summary>
    Fix,

    /// <summary>Sends a value when the member was not given.</summary>
    Set,

    /// <summary>Moves it into an object.</summary>
    Wrap,
}

/// <summary>When a rule holds.</summary>
public enum ParameterCondition
{
    /// <summary>For every request.</summary>
    Always,

    /// <summary>When the model reasons.</summary>
    Thinking,

    /// <summary>When the model does not reason.</summary>
    NotThinking,

    /// <summary>When the answer is streamed.</summary>
    Streaming,

    /// <summary>When the answer is not streamed.</summary>
    Plain,

    /// <summary>When the request has tools.</summary>
    Tools,
}
