namespace Orchestration.Protocols.Anthropic;

/// <summary>What the models of one name prefix take; data of the vendor's profile.</summary>
public sealed record AnthropicModelRules
{
    /// <summary>How the names of the models begin; empty stands for all others.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How thinking is switched on.</summary>
    public AnthropicThinking Thinking { get; init; } = AnthropicThinking.Budget;

    /// <summary>True when <c>output_config.effort</c> is known.</summary>
    public bool Effort { get; init; }

    /// <summary>Which of <c>temperature</c>, <c>top_p</c> and <c>top_k</c> may be sent.</summary>
    public AnthropicSampling Sampling { get; init; } = AnthropicSampling.Any;

    /// <summary>True when <c>output_config.format</c> holds answers to a JSON schema; otherwise a tool does.</summary>
    public bool JsonSchema { get; init; }

    /// <summary>True when tools may be <c>strict</c>.</summary>
    public bool StrictTools { get; init; }

    /// <summary>True sends signatures whose origin nobody told, as clients do that began their conversation at the provider itself.</summary>
    public bool UnmarkedSignatures { get; init; } = true;

    /// <summary>True reads <c>input_tokens</c> of <c>message_start</c> with cached tokens inside, as several compatible endpoints write it.</summary>
    public bool InclusiveInput { get; init; }

    /// <summary>The rules whose prefix fits a model best; the defaults when none does.</summary>
    public static AnthropicModelRules For(string model, IEnumerable<AnthropicModelRules> rules) =>
        rules.Where(rule => model.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(rule => rule.Prefix.Length) ?? new AnthropicModelRules();
}

/// <summary>Forms of the switch for thinking.</summary>
public enum AnthropicThinking
{
    /// <summary>The model does not think.</summary>
    None,

    /// <summary><c>thinking.type</c> is "enabled", with a budget of tokens.</summary>
    Budget,

    /// <summary><c>thinking.type</c> is "adaptive"; how much is said by the effort.</summary>
    Adaptive,
}

/// <summary>Which sampling parameters a model takes.</summary>
public enum AnthropicSampling
{
    /// <summary>All of them.</summary>
    Any,

    /// <summary><c>temperature</c> or <c>top_p</c>, not both.</summary>
    One,

    /// <summary>None but the defaults.</summary>
    None,
}
