using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Sse;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Egress;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Verification;

/// <summary>Chats with a vendor as execution would, through the same dialect, but for nobody's account.</summary>
internal sealed class VerificationCalls(VerificationTarget target, VendorCalls calls, TimeProvider time)
{
    private const int DefaultMaxOutput = 64;

    public async Task<ChatTurn> ChatAsync(ChatRequest request, CancellationToken cancellationToken, Secret? secret = null, string? model = null)
    {
        var deployment = target.Deployment;
        if (model is not null)
        {
            deployment = deployment.Clone();
            deployment.UpstreamModel = model;
        }

        var encoded = target.Dialect.Encode(request, deployment, target.Profile, DefaultMaxOutput);
        if (encoded.Refused is { } refused) return ChatTurn.Of(refused, encoded.Warnings);
        var call = ChatCall.Of(target.Dialect, encoded, request, deployment);
        var answer = await calls.SendAsync(target.Profile, deployment, call.Path, secret ?? target.Secret, encoded.Body, cancellationToken);
        return answer switch
        {
            VendorAnswer.Answered { IsSuccess: true } good => call.Streams
                ? await ReadStreamAsync(request, good.Body, encoded.Warnings, cancellationToken)
                : ReadWhole(request, good.Body, encoded.Warnings),
            VendorAnswer.Answered bad => ChatTurn.Of(ErrorOf(bad), encoded.Warnings),
            VendorAnswer.Failed failed => ChatTurn.Of(failed.Failure, encoded.Warnings),
            _ => throw new InvalidOperationException("An answer is one of two things."),
        };
    }

    public Failure ErrorOf(VendorAnswer.Answered answer) =>
        target.Dialect.DecodeError(answer.Status, answer.Body.Span, RetryHints.Parse(null, null, null, time.GetUtcNow()), target.Profile);

    private ChatTurn ReadWhole(ChatRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<Warning> warnings)
    {
        var decoding = target.Dialect.DecodeWhole(body.Span, request, target.Deployment, target.Profile);
        return decoding switch
        {
            ChatResponseDecoding.Decoded decoded => new ChatTurn(decoded.Events, decoding.Usage, null, warnings),
            ChatResponseDecoding.Failed failed => ChatTurn.Of(failed.Failure, warnings),
            _ => throw new InvalidOperationException("A decoding is one of two things."),
        };
    }

    private async Task<ChatTurn> ReadStreamAsync(ChatRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<Warning> warnings, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(body.ToArray());
        using IEventReader reader = target.Dialect.Framing == StreamFraming.JsonLines ? new JsonLinesReader(stream) : new SseReader(stream);
        var decoder = target.Dialect.BeginStream(request, target.Deployment, target.Profile);
        var events = new List<ChatEvent>();
        while (!decoder.IsTerminated)
        {
            if (await reader.ReadAsync(cancellationToken) is not { } next)
            {
                decoder.Complete(events);
                break;
            }

            if (!next.IsComment) decoder.Decode(next, events);
        }

        return new ChatTurn(events, decoder.Usage, decoder.Failure, warnings);
    }
}

/// <summary>What a chat call gave.</summary>
internal sealed record ChatTurn(IReadOnlyList<ChatEvent> Events, Usage? Usage, Failure? Failure, IReadOnlyList<Warning> Warnings)
{
    public string Text => TextOf(PartKind.Text);

    public string Reasoning => TextOf(PartKind.Reasoning);

    public FinishReason Reason => Events.FirstOrDefault(e => e.Finish is not null)?.Finish.Reason ?? FinishReason.Unspecified;

    public bool CallsTools => Events.Any(e => e.PartStart?.Kind == PartKind.ToolCall);

    public static ChatTurn Of(Failure failure, IReadOnlyList<Warning> warnings) => new([], null, failure, warnings);

    /// <summary>True when the profile kept a parameter from the vendor.</summary>
    public bool Dropped(string parameter) => Warnings.Any(w => w.Param.StartsWith(parameter, StringComparison.Ordinal));

    private string TextOf(PartKind kind)
    {
        var parts = Events.Where(e => e.PartStart?.Kind == kind).Select(e => (e.PartStart.ChoiceIndex, e.PartStart.PartIndex)).ToHashSet();
        return string.Concat(Events.Where(e => e.PartDelta is { } delta && parts.Contains((delta.ChoiceIndex, delta.PartIndex))).Select(e => e.PartDelta.Text));
    }
}
