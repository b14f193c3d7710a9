using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Sse;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>
/// The one stream state machine: holds events back until the answer speaks and the gate lets it (the commit point), passes them on
/// from there, and meters everything, whether or not anybody reads.
/// </summary>
internal sealed class ChatAnswerReader(
    ChatAnswer answer,
    IChatDialect dialect,
    ChatAnswerSink sink,
    CostWatch costs,
    OutputWatch length,
    int maxBodyBytes) : IAnswerReader
{
    private const int MaxHeldEvents = 1024;
    private readonly List<ChatEvent> _events = [];
    private readonly List<ChatEvent> _held = [];
    private readonly IChatStreamDecoder _decoder = dialect.BeginStream(answer.Request, answer.Candidate.Deployment, answer.Candidate.Profile);
    private readonly StopSequences? _stops = StopSequences.Of(answer.Request);
    private ChatResponseDecoding? _whole;
    private bool _usageTold;
    private bool _cut;
    private volatile bool _clientLeft;
    private long _tokensWhenLeft = -1;

    public bool Committed { get; private set; }

    /// <summary>Events that came with the end of a stream, after it, and were thrown away; what would have come later was never read.</summary>
    public int EventsAfterEnd { get; private set; }

    public AnswerSeen Seen => new()
    {
        Model = answer.Candidate.Deployment.Model,
        EstimatedInputTokens = answer.Prompt.TokensFor(answer.Tokens),
        Tokens = answer.Tokens,
        Reported = ReportedUsage,
        IsCut = _cut,
        ReportSuspect = (_whole?.UsageSuspect ?? _decoder.UsageSuspect) || HasDrifted,
        Output = OutputSize,
        Thinking = Thought,
        ServiceTier = Self.ServiceTier,
    };

    public (string Model, string ResponseId) Reported => (Self.ReportedModel, Self.ProviderResponseId);

    private ResponseStarted Self => _whole?.Reported ?? _decoder.Reported;

    private Usage? ReportedUsage => _whole is null ? _decoder.Usage : _whole.Usage;

    // What was seen wins over a wish for none, because a provider may think all the same; it may also think without showing it.
    private bool Thought =>
        length.Reasoned || ReportedUsage is { ReasoningTokens: > 0 } || answer.Request.Reasoning is { HasEnabled: true, Enabled: true };

    private bool HasDrifted => answer.Candidate.Profile.Untrusted && ReportedUsage is { } reported
        && UsageDrift.IsFound(reported, answer.Order.EstimatedInputTokens, OutputSize, answer.Candidate.Deployment.Model);

    private TextSize OutputSize => _whole?.OutputSize ?? _decoder.OutputSize;

    /// <summary>What about the answer an operator should look at.</summary>
    public IEnumerable<string> Oddities
    {
        get
        {
            if (Metering.IsSuspect(Seen)) yield return "usage_suspect";
            if (answer.Candidate.IsAnotherModel(Self.ReportedModel)) yield return "model_mismatch";
            if (length.IsOverrun) yield return "overrun";
            if (_stops is { AnyMet: true } && !answer.IsWithoutStop) yield return "stop_ignored";
        }
    }

    /// <summary>Learns from an answer that is complete and whose usage is the provider's own.</summary>
    public void TeachTokens(Usage reported)
    {
        // How a vendor writes tools and schemas into a prompt is its own; their tokens say nothing about text.
        var prompt = answer.Request.Tools.Count == 0 && answer.Request.ResponseFormat is null ? answer.Prompt.Text : default;
        if (answer.Request.Messages.Count > 0 && !answer.Candidate.IsAnotherModel(Self.ReportedModel)) answer.Tokens.Learn(prompt, OutputSize, reported, Thought);
    }

    public Task<Failure?> ReadAsync(UpstreamAnswer upstream, AttemptClock clock) =>
        upstream.IsEventStream ? ReadStreamAsync(upstream.Body, clock) : ReadWholeAsync(upstream, clock);

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints) =>
        dialect.DecodeError(status, body, hints, answer.Candidate.Profile);

    public void Fail(Failure failure)
    {
        if (!Committed) return;
        _events.Clear();
        _decoder.Fail(failure, _events);
        _stops?.Apply(_events);
        // What was held back is told and open parts are closed; the failure itself is told once, by the execution.
        foreach (var chatEvent in _events)
            if (chatEvent.PartDelta is not null || chatEvent.PartStop is not null)
                sink.Events.Write(chatEvent);
    }

    public void ClientLeft(AttemptClock clock)
    {
        _clientLeft = true;
        // Nothing was sent, so there is nothing to meter.
        clock.Drain(clock.RequestSent ? answer.Order.Limits.DrainOf(answer.Candidate.Profile.Disconnect) : TimeSpan.Zero);
    }

    private async Task<Failure?> ReadStreamAsync(ObservedStream body, AttemptClock clock)
    {
        using IEventReader stream = dialect.Framing == StreamFraming.JsonLines ? new JsonLinesReader(body) : new SseReader(body);
        while (!_decoder.IsTerminated)
        {
            var next = await stream.ReadAsync(clock.Token);
            if (next is { IsComment: true })
            {
                await sink.Events.WriteAsync(new ChatEvent { KeepAlive = new KeepAlive() }, clock.Token);
                continue;
            }

            _events.Clear();
            if (next is { } sseEvent) _decoder.Decode(sseEvent, _events);
            else _decoder.Complete(_events);
            if (await PassOnAsync(_decoder.Failure, clock) is { } failure) return failure;
            if (next is null) break;
            if (_stops is { AllMet: true } && !_decoder.IsTerminated) return await EndAtStopAsync(clock);
            if (costs.IsPassed(this)) return ExecutionFailures.CostCeiling();
            if (length.IsPassed()) return ExecutionFailures.Overrun();
            StopDrainAtItsLimit(clock);
        }

        body.End();
        EventsAfterEnd = await CountAsync(stream);
        return _decoder.Failure;
    }

    private static async ValueTask<int> CountAsync(IEventReader rest)
    {
        var count = 0;
        try
        {
            while (await rest.ReadAsync(CancellationToken.None) is { } more)
                if (!more.IsComment) count++;
        }
        catch (SseLimitException)
        {
            // Whatever it is, it belongs to no answer.
            count++;
        }

        return count;
    }

    // What follows is not wanted, so it is not waited for; what it would have said of usage is not known then.
    private async ValueTask<Failure?> EndAtStopAsync(AttemptClock clock)
    {
        _cut = true;
        _events.Clear();
        _events.AddRange(_stops!.Finishes());
        return await PassOnAsync(null, clock);
    }

    private async Task<Failure?> ReadWholeAsync(UpstreamAnswer upstream, AttemptClock clock)
    {
        var body = await upstream.ReadWholeAsync(maxBodyBytes, clock.Token);
        _whole = dialect.DecodeWhole(body.Span, answer.Request, answer.Candidate.Deployment, answer.Candidate.Profile);
        switch (_whole)
        {
            case ChatResponseDecoding.Decoded decoded:
                _events.AddRange(decoded.Events);
                return await PassOnAsync(null, clock);
            case ChatResponseDecoding.Failed failed:
                return failed.Failure;
            default:
                return ExecutionFailures.Internal();
        }
    }

    private async ValueTask<Failure?> PassOnAsync(Failure? failure, AttemptClock clock)
    {
        if (failure is not null && !Committed) return failure;
        foreach (var chatEvent in _events) length.See(chatEvent);
        _stops?.Apply(_events);
        foreach (var chatEvent in _events)
        {
            if (chatEvent.Error is not null) continue;
            if (!Committed && !Speaks(chatEvent))
            {
                if (_held.Count == MaxHeldEvents) return ExecutionFailures.Protocol("The provider's answer says nothing at great length.");
                _held.Add(chatEvent);
                continue;
            }

            if (!Committed && !await TryCommitAsync(clock)) return ExecutionFailures.Outrun();
            await WriteAsync(chatEvent, clock);
        }

        return failure;
    }

    private async ValueTask<bool> TryCommitAsync(AttemptClock clock)
    {
        if (!sink.TrySpeak()) return false;
        Committed = true;
        clock.Spoke();
        sink.Events.Write(new ChatEvent { ResponseStarted = answer.Started(Self) });
        foreach (var held in _held) await WriteAsync(held, clock);
        _held.Clear();
        return true;
    }

    private async ValueTask WriteAsync(ChatEvent chatEvent, AttemptClock clock)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.Usage:
                TellUsage();
                break;
            case ChatEvent.EventOneofCase.Finish:
                TellUsage();
                sink.Events.Write(chatEvent);
                break;
            default:
                await sink.Events.WriteAsync(chatEvent, clock.Token);
                break;
        }
    }

    // Usage stands before the first Finish, also where the provider reported none.
    private void TellUsage()
    {
        if (_usageTold) return;
        _usageTold = true;
        sink.Events.Write(new ChatEvent { Usage = Metering.Answered(Seen) });
    }

    private void StopDrainAtItsLimit(AttemptClock clock)
    {
        if (!_clientLeft) return;
        var tokens = answer.Tokens.OfOutput(OutputSize);
        if (_tokensWhenLeft < 0) _tokensWhenLeft = tokens;
        if (tokens - _tokensWhenLeft > (answer.Order.Limits.DrainTokens ?? answer.Candidate.Profile.Disconnect.Tokens)) clock.Stop(StopReason.DrainEnded);
    }

    private static bool Speaks(ChatEvent chatEvent) => chatEvent.EventCase switch
    {
        ChatEvent.EventOneofCase.PartDelta => chatEvent.PartDelta.Text.Length > 0,
        ChatEvent.EventOneofCase.PartStart => chatEvent.PartStart.ToolCall is { Name.Length: > 0 },
        // An answer may end properly without a word.
        ChatEvent.EventOneofCase.Finish => true,
        _ => false,
    };
}
