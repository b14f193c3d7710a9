using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>What a decoder must know of the deployment that it reads the answer of.</summary>
public sealed record ResponsesDecodingOptions
{
    /// <summary>The defaults.</summary>
    public static ResponsesDecodingOptions Default { get; } = new();

    /// <summary>"provider/model" that encrypted reasoning is marked with, so that it is replayed to it only.</summary>
    public string Origin { get; init; } = "";

    /// <summary>What the vendor's errors mean.</summary>
    public ProviderErrorRules Errors { get; init; } = ProviderErrorRules.None;
}
