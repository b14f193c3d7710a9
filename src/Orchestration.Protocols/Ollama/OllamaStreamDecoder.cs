using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Ollama;

/// <summary>Decodes the lines of one streamed <c>/api/chat</c> answer; the line with <c>"done":true</c> ends it.</summary>
public sealed class OllamaStreamDecoder(IReadOnlyDictionary<string, FailureClass>? errorCodes = null) : IChatStreamDecoder
{
    private readonly OllamaAnswer _answer = new(errorCodes);

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

    /// <inheritdoc/>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events)
    {
        var line = sseEvent.Data.Span.Trim(" \t\r\n"u8);
        if (IsTerminated || line.IsEmpty)
            return;
        if (_answer.Read(line, events) is { } failure)
            Fail(failure, events);
        else if (_answer.IsDone)
            End(null, events);
    }

    /// <inheritdoc/>
    public void Complete(List<ChatEvent> events) => Fail(ProviderFailures.Truncated(), events);

    /// <inheritdoc/>
    public void Fail(Failure failure, List<ChatEvent> events)
    {
        if (!IsTerminated)
            End(failure, events);
    }

    private void End(Failure? failure, List<ChatEvent> events)
    {
        IsTerminated = true;
        Failure = failure;
        if (_answer.IsDone)
            _answer.Close(events);
        if (_answer.Usage is { } usage)
            events.Add(new ChatEvent { Usage = usage });
        if (_answer.IsDone)
            events.Add(new ChatEvent { Finish = _answer.ToFinish() });
        if (failure is not null)
            events.Add(new ChatEvent { Error = failure });
    }
}
