using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>The protocol's words for the end of an answer.</summary>
internal static class StopReasons
{
    public static FinishReason Parse(string raw, bool hasToolCalls) => raw switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "refusal" => FinishReason.ContentFilter,
        // A paused turn is no end of the conversation; whoever asked sends it back to go on.
        "pause_turn" => FinishReason.Stop,
        // "tool_use" without a call of the caller's tools was the schema tool; compatible endpoints end calls with "end_turn".
        _ => hasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    public static string Name(Finish finish, bool hasRefusal) => finish switch
    {
        { RawReason: "pause_turn" or "model_context_window_exceeded" } => finish.RawReason,
        { Reason: FinishReason.Length } => "max_tokens",
        { Reason: FinishReason.ToolCalls } => "tool_use",
        { Reason: FinishReason.ContentFilter } => "refusal",
        _ when hasRefusal => "refusal",
        { StopSequence.Length: > 0 } => "stop_sequence",
        _ => "end_turn",
    };

    /// <summary>Writes reason, sequence and details of an end.</summary>
    public static void Write(Utf8JsonWriter writer, Finish finish, bool hasRefusal)
    {
        var name = Name(finish, hasRefusal);
        writer.WriteString("stop_reason", name);
        writer.WriteString("stop_sequence", name == "stop_sequence" ? finish.StopSequence : null);
        if (Details(finish) is { } details)
            JsonWriting.WriteJson(writer, "stop_details", details);
    }

    /// <summary>What the provider told about the end; null when it told nothing.</summary>
    public static string? Details(Finish finish) =>
        ExtraMembers.Parse(finish.Extensions).TryGet("stop_details", out var details) ? details.GetRawText() : null;
}
