using System.Text.Json.Serialization;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Scripts;

/// <summary>An answer byte by byte, for the next request to a model.</summary>
internal sealed record StreamScript
{
    public int Status { get; set; } = 200;

    public string ContentType { get; set; } = "text/event-stream; charset=utf-8";

    public Dictionary<string, string>? Headers { get; init; }

    public required IReadOnlyList<ScriptStep> Steps { get; init; }

    public ScriptEnding Ending { get; init; }

    /// <summary>Requests that get it; absent means one.</summary>
    public int? Count { get; init; }

    public bool IsValid => Status is >= 200 and <= 599 && Count is null or >= 1 && Steps.All(step => step.IsValid);
}

/// <summary>Bytes to send: text, or bytes in base64, after a pause. Each step is a segment of its own.</summary>
internal sealed record ScriptStep
{
    public string? Text { get; init; }

    public byte[]? Base64 { get; init; }

    public int PauseMs { get; init; }

    [JsonIgnore]
    public bool IsValid => Text is null || Base64 is null;

    public byte[] Bytes => Base64 ?? System.Text.Encoding.UTF8.GetBytes(Text ?? "");
}

/// <summary>What follows the last byte of a script.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ScriptEnding>))]
internal enum ScriptEnding
{
    /// <summary>The body ends in order.</summary>
    Complete,

    /// <summary>FIN inside the body.</summary>
    Cut,

    /// <summary>RST.</summary>
    Reset,

    /// <summary>FIN of a body that ends with its connection.</summary>
    Close,

    /// <summary>Nothing; the connection stays open.</summary>
    Hold,
}
