using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>What a decoder must know of the request that it reads the answer of.</summary>
public sealed record AnthropicDecodingOptions
{
    /// <summary>The defaults.</summary>
    public static AnthropicDecodingOptions Default { get; } = new();

    /// <summary>"provider/model" that thinking blocks are marked with, so that they are replayed to it only.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Aliases of the request's tools.</summary>
    public AnthropicToolNames ToolNames { get; init; } = AnthropicToolNames.None;

    /// <summary>True when the arguments of <see cref="AnthropicSchemaTool"/> are the answer.</summary>
    public bool SchemaTool { get; init; }

    /// <summary>See <see cref="AnthropicModelRules.InclusiveInput"/>.</summary>
    public bool InclusiveInput { get; init; }

    /// <summary>What is known of the vendor's errors; it comes before the protocol's meanings.</summary>
    public ProviderErrorRules Errors { get; init; } = ProviderErrorRules.None;
}
