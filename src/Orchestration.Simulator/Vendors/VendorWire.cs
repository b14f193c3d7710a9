using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestration.Simulator.Chat.Rules;
using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>
/// How a vendor, or one form of it, writes answers and errors and what it refuses: a file per vendor in <c>Wires/</c>.
/// Members with a value of their own are settable: generated deserialisation overwrites that of others with null.
/// </summary>
internal sealed record VendorWire
{
    /// <summary>Pattern of answer ids, see <see cref="Chat.AnswerIds"/>.</summary>
    public required string AnswerId { get; init; }

    /// <summary>Pattern of tool call ids.</summary>
    public required string CallId { get; init; }

    public required Template Whole { get; init; }

    public required Template WholeChoice { get; init; }

    public required Template Message { get; init; }

    /// <summary>A tool call of a whole message.</summary>
    public required Template MessageCall { get; init; }

    public required Template Chunk { get; init; }

    public required Template Choice { get; init; }

    /// <summary>The choice of the chunk that trails behind a tool call, where it differs.</summary>
    public Template? TrailingChoice { get; init; }

    public required WireDeltas Deltas { get; init; }

    /// <summary>A streamed tool call, or the beginning of one.</summary>
    public required Template CallStart { get; init; }

    public required Template CallFragment { get; init; }

    public required Template Usage { get; init; }

    /// <summary>Usage in streams, where it differs.</summary>
    public Template? StreamUsage { get; init; }

    public required IReadOnlyList<UsagePlace> UsageOn { get; init; }

    public CallTiming Calls { get; init; }

    /// <summary>True when a request may ask for fragments of a call with "tool_stream".</summary>
    public bool ToolStream { get; init; }

    /// <summary>Finish reason after tool calls.</summary>
    public string CallsFinish { get; set; } = "tool_calls";

    /// <summary>Finish reason of an answer that the content filter ended.</summary>
    public string FilterFinish { get; set; } = "content_filter";

    /// <summary>What stands before an event's JSON.</summary>
    public string Prefix { get; set; } = "data: ";

    /// <summary>Event that ends a stream; null for none.</summary>
    public string? Done { get; set; } = "[DONE]";

    /// <summary>First event of every stream, as it is.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Preamble { get; init; }

    /// <summary>Comment while a stream waits.</summary>
    public string Comment { get; set; } = ": keep-alive";

    /// <summary>True when the comment comes at least once.</summary>
    public bool CommentFirst { get; init; }

    /// <summary>True when a stream ends with the whole answer once more.</summary>
    public bool WholeAtEnd { get; init; }

    /// <summary>True when members come in any order.</summary>
    public bool Shuffled { get; init; }

    public bool Obfuscated { get; init; }

    public InlineThinking Inline { get; init; }

    /// <summary>True for a vendor that answers once whatever "n" says.</summary>
    public bool OneChoice { get; init; }

    /// <summary>True when several tools are called at once only on request.</summary>
    public bool SerialCalls { get; init; }

    /// <summary>True for a vendor that generates, and charges, to the end when its client has left.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Headers of every answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    public IReadOnlyList<RequestRule> Rules { get; set; } = [];

    public required IReadOnlyDictionary<string, WireError> Errors { get; init; }
}

/// <summary>What stands in "delta" at each step of a stream.</summary>
internal sealed record WireDeltas
{
    /// <summary>An event before all text; null when the role comes with the first text.</summary>
    public Template? First { get; init; }

    public Template? FirstThinking { get; init; }

    /// <summary>The first event of an answer that begins with a tool call.</summary>
    public Template? FirstCall { get; init; }

    /// <summary>The first text, where it differs.</summary>
    public Template? FirstContent { get; init; }

    public Template? FirstReasoning { get; init; }

    public required Template Reasoning { get; init; }

    /// <summary>An event between reasoning and answer.</summary>
    public Template? ReasoningEnd { get; init; }

    public required Template Content { get; init; }

    /// <summary>Text after reasoning, where it differs.</summary>
    public Template? ContentThinking { get; init; }

    public required Template Call { get; init; }

    public Template? CallTrailing { get; init; }

    public required Template Finish { get; init; }

    public Template? FinishThinking { get; init; }

    /// <summary>The end after tool calls, or with them for a vendor that sends them there.</summary>
    public Template? FinishCalls { get; init; }
}

/// <summary>An error as a vendor sends it; <c>%message%</c>, <c>%param%</c>, <c>%code%</c>, <c>%model%</c>, <c>%id%</c> and <c>%retry%</c> are filled in.</summary>
internal sealed record WireError
{
    public int Status { get; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public required string Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Event of a stream that has begun; the body when null.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Event { get; init; }

    /// <summary>Body under status 200; the event or body when null.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? In200 { get; init; }

    public string? Message { get; init; }

    public string? Code { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();
}

/// <summary>Where a stream carries usage.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<UsagePlace>))]
internal enum UsagePlace
{
    /// <summary>On the chunk with the finish reason.</summary>
    Finish,

    /// <summary>Inside the choice that finishes.</summary>
    Choice,

    /// <summary>In a chunk without choices, when the request asks for it.</summary>
    Extra,

    /// <summary>In a chunk without choices, always.</summary>
    ExtraAlways,

    /// <summary>In every chunk, growing.</summary>
    Every,

    /// <summary>In every chunk, growing, when "continuous_usage_stats" asks for it.</summary>
    Continuous,
}

/// <summary>How a stream carries tool calls.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CallTiming>))]
internal enum CallTiming { Fragments, Whole, WithFinish }

/// <summary>When reasoning stands in the text between think marks.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<InlineThinking>))]
internal enum InlineThinking
{
    Never,

    Always,

    /// <summary>Unless "reasoning_split" is true.</summary>
    UnlessSplit,

    /// <summary>When "reasoning_format" is "raw".</summary>
    WhenRaw,
}

/// <summary>JSON kept as it will be sent; a string is sent as its text.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        return json.ValueKind == JsonValueKind.String ? json.GetString()! : WireJson.Text(json);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Wires are only read.");
}

internal sealed class SnakeCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
