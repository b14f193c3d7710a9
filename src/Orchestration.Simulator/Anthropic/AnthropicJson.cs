using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Anthropic;

/// <summary>The message object and its parts.</summary>
internal static class AnthropicJson
{
    private const int CallIdLength = 22;

    public static void WritePlain(IBufferWriter<byte> buffer, ChatExchange exchange, AnthropicRequest request)
    {
        var choice = exchange.Answer.Choices[0];
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        WriteHead(json, exchange);
        json.WriteStartArray("content"u8);
        if (choice.Reasoning.Count > 0)
            WriteThinking(json, exchange, choice, request.ShowsThinking);
        if (choice.Content.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, choice.Content.Text);
            json.WriteEndObject();
        }
        foreach (var call in choice.ToolCalls)
        {
            WriteCallStart(json, call);
            json.WritePropertyName("input"u8);
            json.WriteRawValue(call.Arguments.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteStop(json, exchange.Fault?.Kind == FaultKind.NoFinish ? null : choice);
        if (exchange.Fault?.Kind != FaultKind.NoUsage)
            WriteUsage(json, exchange, exchange.Answer.OutputTokens, UsagePlace.Plain);
        json.WriteEndObject();
    }

    public static void WriteHead(Utf8JsonWriter json, ChatExchange exchange)
    {
        json.WriteString("model"u8, exchange.Model);
        json.WriteString("id"u8, exchange.Entry.Id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
    }

    /// <summary>Opens the object of a call; its input follows.</summary>
    public static void WriteCallStart(Utf8JsonWriter json, AnswerToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, CallIds.From(call, "toolu_01", CallIdLength));
        json.WriteString("name"u8, call.Name);
    }

    public static void WriteStop(Utf8JsonWriter json, AnswerChoice? choice)
    {
        json.WriteString("stop_reason"u8, choice switch
        {
            null => null,
            { StopSequence: not null } => "stop_sequence",
            { FinishReason: "length" } => "max_tokens",
            { FinishReason: "tool_calls" } => "tool_use",
            { FinishReason: DeclinedAnswer.Refusal or DeclinedAnswer.Filtered } => "refusal",
            _ => "end_turn",
        });
        json.WriteString("stop_sequence"u8, choice?.StopSequence);
        if (choice?.FinishReason is not (DeclinedAnswer.Refusal or DeclinedAnswer.Filtered))
            return;
        json.WriteStartObject("stop_details"u8);
        json.WriteString("type"u8, "refusal"u8);
        json.WriteString("category"u8, "policy"u8);
        json.WriteString("explanation"u8, DeclinedAnswer.Explanation);
        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, ChatExchange exchange, int output, UsagePlace place)
    {
        var answer = exchange.Answer;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, answer.InputTokens - answer.CachedTokens - answer.CacheWriteTokens);
        json.WriteNumber("cache_creation_input_tokens"u8, answer.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens"u8, answer.CachedTokens);
        if (place != UsagePlace.Delta)
        {
            json.WriteStartObject("cache_creation"u8);
            json.WriteNumber("ephemeral_5m_input_tokens"u8, answer.LongCacheWrite ? 0 : answer.CacheWriteTokens);
            json.WriteNumber("ephemeral_1h_input_tokens"u8, answer.LongCacheWrite ? answer.CacheWriteTokens : 0);
            json.WriteEndObject();
        }
        json.WriteNumber("output_tokens"u8, output);
        if (place != UsagePlace.Delta)
            json.WriteString("service_tier"u8, "standard"u8);
        if (place == UsagePlace.Plain)
            json.WriteString("inference_geo"u8, "not_available"u8);
        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, ChatExchange exchange, AnswerChoice choice, bool shown)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, shown ? choice.Reasoning.Text : "");
        json.WriteString("signature"u8, ReasoningSeal.Of(exchange.Vendor.Id, choice.Reasoning.Text));
        json.WriteEndObject();
    }
}

/// <summary>Where a usage object stands; each place has members of its own.</summary>
internal enum UsagePlace { Plain, Start, Delta }
