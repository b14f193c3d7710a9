using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols;

/// <summary>Outcome of decoding a provider's plain answer. A failed one tells its usage as well: what was reported is billed.</summary>
public abstract record ChatResponseDecoding
{
    private ChatResponseDecoding()
    {
    }

    /// <summary>What the provider said about itself; see <see cref="IChatStreamDecoder.Reported"/>.</summary>
    public ResponseStarted Reported { get; init; } = new();

    /// <summary>Usage as reported, in disjoint classes; null when none was.</summary>
    public Usage? Usage { get; init; }

    /// <summary>See <see cref="IChatStreamDecoder.UsageSuspect"/>.</summary>
    public bool UsageSuspect { get; init; }

    /// <summary>Size of everything generated.</summary>
    public TextSize OutputSize { get; init; }

    /// <summary>The answer is complete.</summary>
    /// <param name="Events">The same events that a stream would give: parts, Usage, Finish per choice.</param>
    public sealed record Decoded(IReadOnlyList<ChatEvent> Events) : ChatResponseDecoding;

    /// <summary>The answer is an error or breaks the protocol.</summary>
    public sealed record Failed(Failure Failure) : ChatResponseDecoding;
}
