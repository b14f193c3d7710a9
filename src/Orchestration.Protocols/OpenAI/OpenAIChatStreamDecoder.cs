using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Decodes the chunks of one streamed answer of an OpenAI-compatible provider: part events as they come, then at the end
/// Usage (if reported), Finish for each choice that ended, and Error if the answer failed. It never emits ResponseStarted or Summary.
/// </summary>
public sealed class OpenAIChatStreamDecoder
{
    private readonly OpenAIStreamOptions _options;
    private readonly AnswerState _answer = new();
    private readonly ChunkReader _chunks;
    private bool _sawDone;

    /// <summary>Begins one answer.</summary>
    public OpenAIChatStreamDecoder(OpenAIStreamOptions? options = null)
    {
        _options = options ?? OpenAIStreamOptions.Default;
        _chunks = new ChunkReader(_answer, _options.ErrorCodes);
    }

    /// <summary>True once the answer is over: <c>[DONE]</c>, an error, or <see cref="Complete"/>. Later data is discarded.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>The failure that ended the answer; null when none did. It is also the last event.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Usage as last reported, in disjoint classes; null when none was.</summary>
    public Usage? Usage => _answer.Usage;

    /// <summary>True when the reported usage was impossible (negative, huge, parts larger than the whole) and was corrected.</summary>
    public bool UsageSuspect => _answer.UsageSuspect;

    /// <summary>What the provider said about itself: reported model, response id, fingerprint, tier, creation time. Other fields are empty.</summary>
    public ResponseStarted Reported => _answer.Reported;

    /// <summary>Size of everything generated so far: text, reasoning, refusals, tool names and arguments.</summary>
    public TextSize OutputSize => _answer.OutputSize;

    /// <summary>Number of events that came after the end.</summary>
    public int DiscardedEvents { get; private set; }

    /// <summary>Decodes the data of one server-sent event and appends what it means.</summary>
    public void Decode(ReadOnlySpan<byte> data, List<ChatEvent> events)
    {
        data = data.Trim(" \t\r\n"u8);
        if (IsTerminated)
        {
            DiscardedEvents++;
        }
        else if (data.SequenceEqual("[DONE]"u8))
        {
            _sawDone = true;
            Complete(events);
        }
        else if (!data.IsEmpty && _chunks.Read(data, isWhole: false, events) is { } failure)
        {
            Fail(failure, events);
        }
    }

    /// <summary>Ends the answer at the end of the stream. Appends what is left, and for a truncated answer the Error, which is also returned.</summary>
    public Failure? Complete(List<ChatEvent> events)
    {
        if (IsTerminated)
            return Failure;

        if (_sawDone && _options.DoneEndsOpenChoices)
        {
            foreach (var choice in _answer.Choices)
                choice.RawFinish ??= "";
        }

        End(EndFailure(), events);
        return Failure;
    }

    /// <summary>Ends the answer with a failure, also one of the transport (reset, timer, limit). Parts of cut choices stay open; the Error is the last event.</summary>
    public void Fail(Failure failure, List<ChatEvent> events)
    {
        if (!IsTerminated)
            End(failure, events);
    }

    /// <summary>Decodes a whole answer instead of chunks.</summary>
    internal void DecodeWhole(ReadOnlySpan<byte> body, List<ChatEvent> events)
    {
        if (_chunks.Read(body, isWhole: true, events) is { } failure)
            Fail(failure, events);
        else if (_answer.Choices.Count == 0)
            Fail(ProviderFailures.Protocol("The provider's answer holds no choice."), events);
        else
            End(null, events);
    }

    private Failure? EndFailure()
    {
        if (_answer.Choices.Count == 0)
            return _sawDone ? ProviderFailures.Protocol("The provider's answer holds no choice.") : ProviderFailures.Truncated();

        var finished = _answer.FinishedChoices;
        // Some providers answer with fewer choices than asked for, which only the end marker tells from a cut.
        var isCut = finished < _answer.Choices.Count || (!_sawDone && finished < _options.ExpectedChoices);
        return isCut ? ProviderFailures.Truncated() : null;
    }

    private void End(Failure? failure, List<ChatEvent> events)
    {
        IsTerminated = true;
        var finished = _answer.Choices.Where(choice => choice.RawFinish is not null).ToList();
        var isSound = true;
        foreach (var choice in finished)
            isSound &= choice.Close(events);
        if (_answer.Usage is { } usage)
            events.Add(new ChatEvent { Usage = usage });

        foreach (var choice in isSound ? finished : [])
            events.Add(new ChatEvent { Finish = choice.ToFinish() });

        Failure = failure ?? (isSound ? null : ProviderFailures.Protocol("The provider's answer holds a tool call without a name."));
        if (Failure is not null)
            events.Add(new ChatEvent { Error = Failure });
    }
}
