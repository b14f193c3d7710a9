using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Decodes one streamed answer of a Messages endpoint. Only <c>message_stop</c> behind a stop reason is its end.</summary>
public sealed class AnthropicStreamDecoder : IChatStreamDecoder
{
    private readonly AnthropicDecodingOptions _options;
    private readonly AnswerReader _answer;

    /// <summary>Begins one answer.</summary>
    public AnthropicStreamDecoder(AnthropicDecodingOptions? options = null)
    {
        _options = options ?? AnthropicDecodingOptions.Default;
        _answer = new AnswerReader(_options);
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
    public TextSize OutputSize => _answer.Blocks.Parts.Size;

    /// <inheritdoc/>
    public void Decode(SseEvent sseEvent, List<ChatEvent> events)
    {
        var data = sseEvent.Data.Span.Trim(" \t\r\n"u8);
        if (IsTerminated || data.IsEmpty)
            return;

        try
        {
            var reader = new Utf8JsonReader(JsonText.Repair(data), new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (Read(document.RootElement, sseEvent, data, events) is { } failure)
                Fail(failure, events);
        }
        catch (JsonException)
        {
            Fail(ProviderFailures.Protocol("The provider's answer is not valid JSON."), events);
        }
    }

    /// <inheritdoc/>
    public void Complete(List<ChatEvent> events) => Fail(ProviderFailures.Truncated(), events);

    /// <inheritdoc/>
    public void Fail(Failure failure, List<ChatEvent> events)
    {
        if (IsTerminated)
            return;

        IsTerminated = true;
        Failure = failure;
        _answer.AddUsage(events);
        events.Add(new ChatEvent { Error = failure });
    }

    private Failure? Read(JsonElement root, SseEvent sseEvent, ReadOnlySpan<byte> data, List<ChatEvent> events)
    {
        var type = root.Text("type") is { Length: > 0 } own ? own : sseEvent.EventType;
        switch (type)
        {
            case "message_start":
                return _answer.Start(root.Member("message"));
            case "content_block_start":
                return _answer.Blocks.Start(Index(root), root.Member("content_block"), Reported.ProviderResponseId, events);
            case "content_block_delta":
                return _answer.Blocks.Append(Index(root), root.Member("delta"), events);
            case "content_block_stop":
                _answer.Blocks.Stop(Index(root), events);
                return null;
            case "message_delta":
                _answer.ReadUsage(root.Member("usage"));
                _answer.ReadStop(root.Member("delta"));
                return null;
            case "message_stop":
                return End(events);
            default:
                var isError = type == "error" || root.Member("error").ValueKind is JsonValueKind.Object or JsonValueKind.String;
                return isError ? AnthropicErrorDecoder.Decode(200, data, default, _options.Errors) : null;
        }
    }

    private Failure? End(List<ChatEvent> events)
    {
        if (_answer.StopReason.Length == 0)
            return ProviderFailures.Truncated();
        if (FinishReasons.FailureOf(_answer.StopReason) is { } failure)
            return failure;

        _answer.Finish(events);
        IsTerminated = true;
        return null;
    }

    private static int Index(JsonElement root) =>
        root.Member("index") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var number) ? number : -1;
}
