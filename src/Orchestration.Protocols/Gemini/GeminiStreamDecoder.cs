using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Decodes the chunks of one streamGenerateContent answer. The protocol has no end marker: the answer ends with the stream,
/// and properly so when every candidate gave its finish reason.
/// </summary>
public sealed class GeminiStreamDecoder : IChatStreamDecoder
{
    private readonly int _expectedCandidates;
    private readonly GeminiAnswer _answer;

    /// <summary>Begins one answer.</summary>
    /// <param name="expectedCandidates">Number of candidates that were asked for; a stream that ends with fewer was cut.</param>
    /// <param name="errors">What is known of the vendor's errors; null when it has none of its own.</param>
    /// <param name="origin">"provider/model" that answers: it goes with the signatures. Empty tells none.</param>
    public GeminiStreamDecoder(int expectedCandidates = 1, ProviderErrorRules? errors = null, string origin = "")
    {
        _expectedCandidates = expectedCandidates;
        _answer = new GeminiAnswer(errors ?? ProviderErrorRules.None, origin);
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

    /// <inheritdoc/>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events)
    {
        var data = sseEvent.Data.Span.Trim(" \t\r\n"u8);
        if (IsTerminated || data.IsEmpty)
            return;
        // Relays put the end marker of another protocol behind the stream.
        if (data.SequenceEqual("[DONE]"u8))
            Complete(events);
        else if (_answer.Read(data, events) is { } failure)
            Fail(failure, events);
    }

    /// <inheritdoc/>
    public void Complete(List<ChatEvent> events)
    {
        if (IsTerminated)
            return;
        var finished = _answer.Candidates.Count(candidate => candidate.RawFinish is not null);
        var isCut = finished < _answer.Candidates.Count || finished < _expectedCandidates;
        End(isCut ? ProviderFailures.Truncated() : null, events);
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
        if (_answer.Read(body, events) is { } failure)
            Fail(failure, events);
        else if (_answer.Candidates.Count == 0)
            Fail(ProviderFailures.Protocol("The provider's answer holds no candidate."), events);
        else
            End(_answer.Candidates.Any(candidate => candidate.RawFinish is null) ? ProviderFailures.Truncated() : null, events);
    }

    private void End(Failure? failure, List<ChatEvent> events)
    {
        IsTerminated = true;
        Failure = failure;
        var finished = _answer.Candidates.Where(candidate => candidate.RawFinish is not null).ToList();
        foreach (var candidate in finished)
            candidate.Close(events);
        if (_answer.Usage is { } usage)
            events.Add(new ChatEvent { Usage = usage });
        foreach (var candidate in finished)
            events.Add(new ChatEvent { Finish = candidate.ToFinish() });
        if (failure is not null)
            events.Add(new ChatEvent { Error = failure });
    }
}
