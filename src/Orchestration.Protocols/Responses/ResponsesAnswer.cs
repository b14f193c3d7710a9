using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>What plain and streamed answers have in common: who answers, usage, items, end.</summary>
internal sealed class ResponsesAnswer
{
    private const long LastSecond = 253_402_300_799;

    private readonly ResponsesDecodingOptions _options;
    private bool _suspect;

    public ResponsesAnswer(ResponsesDecodingOptions options)
    {
        _options = options;
        Items = new OutputItems(options.Origin, Reported);
    }

    public OutputItems Items { get; }

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect => _suspect;

    /// <summary>Reads what a response object tells besides its items, whatever its status.</summary>
    public void ReadFacts(JsonElement response)
    {
        if (response.TextOf("id") is { Length: > 0 } id)
            Reported.ProviderResponseId = id;
        if (response.TextOf("model") is { Length: > 0 } model)
            Reported.ReportedModel = model;
        // The last word holds: it names the tier that is billed.
        if (response.TextOf("service_tier") is { Length: > 0 } tier)
            Reported.ServiceTier = tier;
        if (response.TryGet("created_at", out var created) && created.ValueKind == JsonValueKind.Number && created.TryGetDouble(out var seconds) && seconds is > 0 and < LastSecond)
            Reported.CreatedAt = new Timestamp { Seconds = (long)seconds };
        if (!response.TryGet("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
            return;
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(usage));
        reader.Read();
        if (UsageCounts.Read(ref reader).ToUsage(out var suspect) is { } counts)
            (Usage, _suspect) = (counts, suspect);
    }

    /// <summary>Reads the response object that ends an answer. Without a status of its own it has the one that its event names.</summary>
    /// <returns>The failure when it is no proper end.</returns>
    public Failure? End(JsonElement response, string status, List<ChatEvent> events)
    {
        ReadFacts(response);
        var reason = "";
        switch (response.TextOf("status") is { Length: > 0 } own ? own : status)
        {
            case "completed":
                break;
            case "incomplete":
                reason = response.TryGet("incomplete_details", out var details) && details.TextOf("reason") is { Length: > 0 } given ? given : "incomplete";
                break;
            case "failed" or "cancelled":
                return ErrorIn(response) ?? ProviderFailures.Of(FailureClass.ProviderError);
            default:
                return ErrorIn(response) ?? ProviderFailures.Truncated();
        }

        Items.ReadAll(response, events);
        AddUsage(events);
        events.Add(new ChatEvent { Finish = new Finish { Reason = ReasonOf(reason), RawReason = reason.Length > 0 ? reason : "completed" } });
        return null;
    }

    public void AddUsage(List<ChatEvent> events)
    {
        if (Usage is not null)
            events.Add(new ChatEvent { Usage = Usage });
    }

    /// <summary>The failure that an object tells; null when it tells none.</summary>
    public Failure? ErrorIn(JsonElement source) => OpenAIErrorDecoder.FindInBand(JsonMarshal.GetRawUtf8Value(source), _options.Errors);

    private FinishReason ReasonOf(string reason) => reason switch
    {
        "" => Items.Parts.HasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "content_filter" => FinishReason.ContentFilter,
        // Whatever else cut the answer, it is not whole.
        _ => FinishReason.Length,
    };
}
