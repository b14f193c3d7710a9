using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Outcome of decoding a provider's plain answer.</summary>
public abstract record ChatResponseDecoding
{
    private ChatResponseDecoding()
    {
    }

    /// <summary>The answer is complete.</summary>
    /// <param name="Events">The same events that a stream would give: parts, Usage, Finish per choice.</param>
    /// <param name="Reported">What the provider said about itself; see <see cref="OpenAIChatStreamDecoder.Reported"/>.</param>
    /// <param name="UsageSuspect">See <see cref="OpenAIChatStreamDecoder.UsageSuspect"/>.</param>
    /// <param name="OutputSize">Size of everything generated.</param>
    public sealed record Decoded(IReadOnlyList<ChatEvent> Events, ResponseStarted Reported, bool UsageSuspect, TextSize OutputSize) : ChatResponseDecoding;

    /// <summary>The answer is an error or breaks the protocol.</summary>
    public sealed record Failed(Failure Failure) : ChatResponseDecoding;
}
