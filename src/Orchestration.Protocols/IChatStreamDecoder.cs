using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols;

/// <summary>
/// Decodes one streamed answer of a provider: part events as they come; Usage, Finish per ended choice and Error only at
/// the end. Never ResponseStarted or Summary, which execution makes. Ends without the protocol's terminal signal are truncations.
/// </summary>
public interface IChatStreamDecoder
{
    /// <summary>True once the answer is over; later data is discarded.</summary>
    public bool IsTerminated { get; }

    /// <summary>What ended the answer; null when nothing went wrong. It is also the last event.</summary>
    public Failure? Failure { get; }

    /// <summary>Usage as last reported, in disjoint classes; null when none was.</summary>
    public Usage? Usage { get; }

    /// <summary>True when the reported usage was impossible (negative, huge, parts larger than the whole) and was corrected.</summary>
    public bool UsageSuspect { get; }

    /// <summary>What the provider said about itself: reported model, response id, fingerprint, tier, creation time. Other fields are empty.</summary>
    public ResponseStarted Reported { get; }

    /// <summary>Size of everything generated so far: text, reasoning, refusals, tool names and arguments.</summary>
    public TextSize OutputSize { get; }

    /// <summary>Decodes one server-sent event, or one line of a JSON lines stream.</summary>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events);

    /// <summary>The stream ended: tells whether that was the answer's end.</summary>
    public void Complete(List<ChatEvent> events);

    /// <summary>The answer fails for a reason outside its protocol (reset, timer, limit). Parts of cut choices stay open; the Error is the last event.</summary>
    public void Fail(Failure failure, List<ChatEvent> events);
}
