namespace Orchestration.Protocols.Gemini;

/// <summary>What the models of one Gemini generation take; data of the vendor's profile.</summary>
public sealed record GeminiModelRule
{
    /// <summary>Rule for a model that no other rule names: it is taken for one of the newest generation.</summary>
    public static readonly GeminiModelRule Newest = new();

    /// <summary>How the names of its models begin, for example "gemini-2.5-pro"; empty holds for all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How its thinking is controlled.</summary>
    public GeminiThinking Thinking { get; init; } = GeminiThinking.Level;

    /// <summary>Smallest thinking budget in tokens.</summary>
    public int MinThinkingBudget { get; init; }

    /// <summary>Largest thinking budget in tokens.</summary>
    public int MaxThinkingBudget { get; init; } = 24_576;

    /// <summary>True when a thinking budget of 0 turns thinking off.</summary>
    public bool CanStopThinking { get; init; }

    /// <summary>Thinking levels, from the least to the most: "minimal", "low", "medium", "high".</summary>
    public IReadOnlyList<string> ThinkingLevels { get; init; } = ["minimal", "low", "medium", "high"];

    /// <summary>True when function calls of the history must carry a thought signature.</summary>
    public bool SignedCalls { get; init; } = true;

    /// <summary>True when schemas may be plain JSON schema (<c>parametersJsonSchema</c>, <c>responseJsonSchema</c>) instead of the OpenAPI subset.</summary>
    public bool JsonSchema { get; init; } = true;

    /// <summary>True when the answer's shape may be asked for together with tools.</summary>
    public bool FormatWithTools { get; init; } = true;

    /// <summary>The rule with the longest prefix that fits a model.</summary>
    public static GeminiModelRule Find(IEnumerable<GeminiModelRule> rules, string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        return rules.Where(rule => name.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(rule => rule.Prefix.Length) ?? Newest;
    }
}

/// <summary>The ways to control a model's thinking.</summary>
public enum GeminiThinking
{
    /// <summary><c>thinkingLevel</c>, one of a few words.</summary>
    Level,

    /// <summary><c>thinkingBudget</c> in tokens.</summary>
    Budget,

    /// <summary>The model does not think.</summary>
    None,
}
