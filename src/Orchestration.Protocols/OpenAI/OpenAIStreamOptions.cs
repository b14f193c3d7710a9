using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What is known beforehand about a provider's stream.</summary>
public sealed record OpenAIStreamOptions
{
    /// <summary>One choice, strict ending.</summary>
    public static OpenAIStreamOptions Default { get; } = new();

    /// <summary>Number of choices that were asked for.</summary>
    public int ExpectedChoices { get; init; } = 1;

    /// <summary>True for providers that never send a finish reason: <c>[DONE]</c> then ends open choices. Relays also send it after a cut, so it is off by default.</summary>
    public bool DoneEndsOpenChoices { get; init; }

    /// <summary>The vendor's own error codes and types, for errors inside a successful answer; see <see cref="OpenAIErrorDecoder"/>. Null when it has none.</summary>
    public IReadOnlyDictionary<string, FailureClass>? ErrorCodes { get; init; }
}
