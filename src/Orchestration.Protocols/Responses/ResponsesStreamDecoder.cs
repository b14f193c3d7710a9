using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Responses;

/// <summary>
/// Decodes one streamed answer of a Responses endpoint. Its end is <c>response.completed</c>, <c>response.incomplete</c> or
/// <c>response.failed</c>; sequence numbers mean nothing, for the connection keeps the order.
/// </summary>
public sealed class ResponsesStreamDecoder : IChatStreamDecoder
{
    private const string Prefix = "response.";

    private readonly ResponsesAnswer _answer;
    private Failure? _announced;

    /// <summary>Begins one answer.</summary>
    public ResponsesStreamDecoder(ResponsesDecodingOptions? options = null) => _answer = new ResponsesAnswer(options ?? ResponsesDecodingOptions.Default);

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
    public TextSize OutputSize => _answer.Items.Parts.Size;

    /// <inheritdoc/>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events)
    {
        var data = sseEvent.Data.Span.Trim(" \t\r\n"u8);
        if (IsTerminated || data.IsEmpty)
            return;
        // Relays put the end marker of another protocol behind the stream.
        if (data.SequenceEqual("[DONE]"u8))
        {
            Complete(events);
            return;
        }

        using var document = WireText.Parse(data);
        var failure = document?.RootElement.ValueKind == JsonValueKind.Object
            ? Read(document.RootElement, sseEvent.EventType, events)
            : ProviderFailures.Protocol("The provider's answer is not a JSON object.");
        if (failure is not null)
            Fail(failure, events);
    }

    /// <inheritdoc/>
    public void Complete(List<ChatEvent> events) => Fail(ProviderFailures.Truncated(), events);

    /// <inheritdoc/>
    public void Fail(Failure failure, List<ChatEvent> events)
    {
        if (IsTerminated)
            return;

        IsTerminated = true;
        // What the provider itself said about its failure tells more than how its stream ended.
        Failure = _announced ?? failure;
        _answer.AddUsage(events);
        events.Add(new ChatEvent { Error = Failure });
    }

    private Failure? Read(JsonElement root, string eventType, List<ChatEvent> events)
    {
        var type = root.TextOf("type") is { Length: > 0 } own ? own : eventType;
        root.TryGet("response", out var response);
        switch (type)
        {
            case "response.created" or "response.queued" or "response.in_progress":
                _answer.ReadFacts(response);
                return null;
            case "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled":
                return End(response, type[Prefix.Length..], events);
            case "error":
                // The failed response that follows it may tell the usage.
                _announced ??= _answer.ErrorIn(root) ?? ProviderFailures.Of(FailureClass.ProviderError);
                return null;
            default:
                return type.StartsWith(Prefix, StringComparison.Ordinal) ? _answer.Items.Read(type, root, events) : ErrorIn(root);
        }
    }

    private Failure? ErrorIn(JsonElement root) => root.TryGet("error", out _) ? _answer.ErrorIn(root) : null;

    private Failure? End(JsonElement response, string status, List<ChatEvent> events)
    {
        if (response.ValueKind != JsonValueKind.Object)
            return ProviderFailures.Protocol("The provider's answer ends without a response.");
        if (_answer.End(response, status, events) is { } failure)
            return failure;
        IsTerminated = true;
        return null;
    }
}
