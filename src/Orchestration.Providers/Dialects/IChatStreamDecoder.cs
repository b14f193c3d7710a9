using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Sse;

namespace Orchestration.Providers.Dialects;

/// <summary>
/// Decodes one streamed answer: part events as they come; Usage, Finish and Error only at the end. Never ResponseStarted
/// or Summary, which execution makes.
/// </summary>
internal interface IChatStreamDecoder
{
    /// <summary>True once the answer is over; later data is discarded.</summary>
    public bool IsTerminated { get; }

    /// <summary>What ended the answer; null when nothing went wrong.</summary>
    public Failure? Failure { get; }

    /// <summary>Usage as last reported; null when none was.</summary>
    public Usage? Usage { get; }

    /// <summary>True when the reported usage was impossible and was corrected.</summary>
    public bool UsageSuspect { get; }

    /// <summary>What the provider said about itself.</summary>
    public ResponseStarted Reported { get; }

    /// <summary>Size of everything generated so far.</summary>
    public TextSize OutputSize { get; }

    /// <summary>Decodes one server-sent event.</summary>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events);

    /// <summary>The stream ended: tells whether that was the answer's end.</summary>
    public void Complete(List<ChatEvent> events);

    /// <summary>The answer fails for a reason outside its protocol: open parts are closed.</summary>
    public void Fail(Failure failure, List<ChatEvent> events);
}
