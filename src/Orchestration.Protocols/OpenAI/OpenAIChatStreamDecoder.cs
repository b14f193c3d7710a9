using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Decodes the chunks of one streamed answer of an OpenAI-compatible provider: part events as they come, then at the end
/// Usage (if reported), Finish for each choice that ended, and Error if the answer failed. It never emits ResponseStarted or Summary.
/// </summary>
public sealed class OpenAIChatStreamDecoder : IChatStreamDecoder
{
    private readonly OpenAIStreamOptions _options;
    private readonly AnswerState _answer;
    private readonly ChunkReader _chunks;
    private bool _sawDone;

    /// <summary>Begins one answer.</summary>
    public OpenAIChatStreamDecoder(OpenAIStreamOptions? options = null)
    {
        _options = options ?? OpenAIStreamOptions.Default;
        _answer = new AnswerState(_options);
        _chunks = new ChunkReader(_answer, _options);
    }

    /// <inheritdoc/>
    public bool IsTerminated { get; private set; }

    /// <inheritdoc/>
    public Failure? Failure { get; private set; }

    /// <inheritdoc/>
    public Usage? Usage => _answer.Usage;

    /// <inheritdoc/>
    public bool UsageSuspect => _answer.UsageSuspect;

    /// <inheritdoc/>
    public ResponseStarted Reported => _answer.Reported;

    /// <inheritdoc/>
    public TextSize OutputSize => _answer.OutputSize;

    /// <summary>Number of events that came after the end.</summary>
    public int DiscardedEvents { get; private set; }

    /// <inheritdoc/>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events) => Decode(sseEvent.Data.Span, events);

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

    /// <inheritdoc/>
    public void Complete(List<ChatEvent> events)
    {
        if (IsTerminated)
            return;

        if (_sawDone && _options.DoneEndsOpenChoices)
        {
            foreach (var choice in _answer.Choices)
                choice.RawFinish ??= "";
        }

        End(EndFailure(), events);
    }

    /// <inheritdoc/>
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
            End(null, events, isWhole: true);
    }

    // What such a provider says before its end marker counts for nothing without it.
    private bool IsUnmarked => _options.DoneIsOnlyEnd && !_sawDone;

    private Failure? EndFailure()
    {
        if (_answer.Choices.Count == 0)
            return _sawDone ? ProviderFailures.Protocol("The provider's answer holds no choice.") : ProviderFailures.Truncated();

        var finished = _answer.FinishedChoices;
        // Some providers answer with fewer choices than asked for, which only the end marker tells from a cut.
        var isCut = IsUnmarked || finished < _answer.Choices.Count || (!_sawDone && finished < _options.ExpectedChoices);
        return isCut ? ProviderFailures.Truncated() : null;
    }

    private void End(Failure? failure, List<ChatEvent> events, bool isWhole = false)
    {
        IsTerminated = true;
        _answer.Release(events);
        var finished = _answer.Choices.Where(choice => choice.RawFinish is not null && (isWhole || !IsUnmarked)).ToList();
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
