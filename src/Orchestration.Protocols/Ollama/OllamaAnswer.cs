using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Ollama;

/// <summary>One answer of an Ollama server while its lines come in.</summary>
internal sealed class OllamaAnswer(IReadOnlyDictionary<string, FailureClass>? errorCodes)
{
    private const long MaxCount = 1_000_000_000;

    private readonly ChoiceParts _parts = new(0);
    private readonly string _answerId = Guid.CreateVersion7().ToString("N");
    private PartKind _openKind;
    private int _open = -1;
    private int _calls;
    private char _pending;

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect { get; private set; }

    public TextSize OutputSize => _parts.Size;

    public bool IsDone { get; private set; }

    private string RawFinish { get; set; } = "";

    /// <summary>Reads one line; the failure when it is an error or breaks the protocol.</summary>
    public Failure? Read(ReadOnlySpan<byte> line, List<ChatEvent> events)
    {
        using var document = WireText.Parse(line);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } root })
            return ProviderFailures.Protocol("The provider's answer is not a JSON object.");
        if (root.TryGet("error", out _))
            return OllamaErrorDecoder.Decode(200, line, default, errorCodes);

        ReadFacts(root);
        if (root.TryGet("message", out var message))
            ReadMessage(message, events);
        if (!root.Flag("done"))
            return null;
        IsDone = true;
        RawFinish = root.TextOf("done_reason");
        ReadUsage(root);
        return null;
    }

    public void Close(List<ChatEvent> events)
    {
        CloseText(events);
        _parts.StopAll(events);
    }

    public Finish ToFinish() => new()
    {
        Reason = RawFinish == "length" ? FinishReason.Length : _parts.HasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        RawReason = RawFinish,
    };

    private void ReadFacts(JsonElement root)
    {
        if (Reported.ReportedModel.Length == 0)
            Reported.ReportedModel = root.TextOf("model");
        if (Reported.CreatedAt is null && DateTimeOffset.TryParse(root.TextOf("created_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created))
            Reported.CreatedAt = Timestamp.FromDateTimeOffset(created);
    }

    private void ReadMessage(JsonElement message, List<ChatEvent> events)
    {
        Append(PartKind.Reasoning, message, "thinking", events);
        Append(PartKind.Text, message, "content", events);
        foreach (var call in message.ItemsOf("tool_calls"))
            ReadCall(call, events);
    }

    private void Append(PartKind kind, JsonElement message, string member, List<ChatEvent> events)
    {
        if (!message.TryGet(member, out var value) || value.ValueKind != JsonValueKind.String || value.ValueEquals(""))
            return;
        if (kind != _openKind)
            CloseText(events);
        _openKind = kind;
        var text = message.TextOf(member, ref _pending);
        if (text.Length == 0)
            return;
        if (_open < 0)
            _open = _parts.Start(kind, events);
        _parts.Append(_open, text, events);
    }

    private void CloseText(List<ChatEvent> events)
    {
        if (_pending != '\0' && _open >= 0)
            _parts.Append(_open, "\uFFFD", events);
        _pending = '\0';
        if (_open >= 0)
            _parts.Stop(_open, events);
        _open = -1;
    }

    // Calls come whole, with their arguments as an object and mostly without an id.
    private void ReadCall(JsonElement call, List<ChatEvent> events)
    {
        if (!call.TryGet("function", out var function))
            return;
        CloseText(events);
        var id = call.TextOf("id");
        var part = _parts.Start(PartKind.ToolCall, events, new ToolCall
        {
            Id = id.Length > 0 ? id : $"call_{_answerId}_{_calls}",
            Name = function.TextOf("name"),
        });
        _calls++;
        _parts.Append(part, ArgumentsOf(function), events);
        _parts.Stop(part, events);
    }

    private static string ArgumentsOf(JsonElement function)
    {
        if (!function.TryGet("arguments", out var arguments))
            return "{}";
        return arguments.ValueKind == JsonValueKind.String ? function.TextOf("arguments") : JsonObjects.Compact(arguments.GetRawText());
    }

    // A prompt that was cached whole is not counted by some versions; then the count of the prompt is not to be trusted.
    private void ReadUsage(JsonElement root)
    {
        var prompt = Count(root, "prompt_eval_count");
        var output = Count(root, "eval_count");
        if (prompt is null && output is null)
            return;
        UsageSuspect |= prompt is null;
        Usage = new Usage { InputTokens = prompt ?? 0, OutputTokens = output ?? 0, Source = UsageSource.Provider };
    }

    private long? Count(JsonElement root, string name)
    {
        if (!root.TryGet(name, out var value) || value.ValueKind != JsonValueKind.Number)
            return null;
        if (value.TryGetInt64(out var count) && count is >= 0 and <= MaxCount)
            return count;
        UsageSuspect = true;
        return 0;
    }
}
