using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Decodes the chunks of one streamed answer of an OpenAI-compatible provider: part events as they come, then at the end
/// Usage (if reported), Finish for each choice that ended, and Error if the answer failed. It never emits ResponseStarted or Summary.
/// </summary>
public sealed class OpenAIChatStreamDecoder(OpenAIStreamOptions? options = null)
{
    private readonly OpenAIStreamOptions _options = options ?? OpenAIStreamOptions.Default;

    /// <summary>True once the answer is over: <c>[DONE]</c>, an error, or <see cref="Complete"/>. Later data is discarded.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>The failure that ended the answer; null when none did. It is also the last event.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Usage as last reported, in disjoint classes; null when none was.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>True when the reported usage was impossible (negative, huge, parts larger than the whole) and was corrected.</summary>
    public bool UsageSuspect { get; private set; }

    /// <summary>What the provider said about itself: reported model, response id, fingerprint, tier, creation time. Other fields are empty.</summary>
    public ResponseStarted Reported { get; } = new();

    /// <summary>Size of everything generated so far: text, reasoning, refusals, tool names and arguments.</summary>
    public TextSize OutputSize { get; private set; }

    /// <summary>Number of events that came after the end.</summary>
    public int DiscardedEvents { get; private set; }

    /// <summary>Decodes the data of one server-sent event and appends what it means.</summary>
    public void Decode(ReadOnlySpan<byte> data, List<ChatEvent> events) => throw new NotImplementedException(_options.ToString());

    /// <summary>Ends the answer at the end of the stream. Appends what is left, and for a truncated answer the Error, which is also returned.</summary>
    public Failure? Complete(List<ChatEvent> events) => throw new NotImplementedException();

    /// <summary>Ends the answer with a failure of the transport (reset, timer, limit): parts are closed and the Error is appended.</summary>
    public void Fail(Failure failure, List<ChatEvent> events) => throw new NotImplementedException();
}
