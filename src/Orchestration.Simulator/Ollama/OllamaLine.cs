using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Ollama;

/// <summary>One object of a chat: a line of a stream, or the whole answer.</summary>
internal static class OllamaLine
{
    private const double NanosecondsPerMs = 1_000_000;
    private const long LoadNanoseconds = 12_345_678;

    public static void WritePlain(IBufferWriter<byte> buffer, ChatExchange exchange)
    {
        var choice = exchange.Answer.Choices[0];
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        WriteHead(json, exchange);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, choice.Content.Text);
        if (choice.Reasoning.Count > 0)
            json.WriteString("thinking"u8, choice.Reasoning.Text);
        if (choice.ToolCalls.Count > 0)
            WriteCalls(json, choice.ToolCalls);
        json.WriteEndObject();
        WriteEnd(json, exchange);
        json.WriteEndObject();
    }

    public static void WriteHead(Utf8JsonWriter json, ChatExchange exchange)
    {
        json.WriteString("model"u8, exchange.Model);
        json.WriteString("created_at"u8, exchange.Entry.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
    }

    /// <summary>Arguments are an object here, not a text.</summary>
    public static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<AnswerToolCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WritePropertyName("arguments"u8);
            json.WriteRawValue(call.Arguments.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteEnd(Utf8JsonWriter json, ChatExchange exchange)
    {
        json.WriteBoolean("done"u8, true);
        if (exchange.Fault?.Kind != FaultKind.NoFinish)
            // A call of tools ends like any other answer.
            json.WriteString("done_reason"u8, exchange.Answer.Choices[0].FinishReason == "length" ? "length" : "stop");
        if (exchange.Fault?.Kind == FaultKind.NoUsage)
            return;
        var prompt = Nanoseconds(exchange.Shape.FirstTokenMs);
        var speech = Nanoseconds(exchange.Answer.OutputTokens * exchange.Shape.TokenMs);
        json.WriteNumber("total_duration"u8, LoadNanoseconds + prompt + speech);
        json.WriteNumber("load_duration"u8, LoadNanoseconds);
        json.WriteNumber("prompt_eval_count"u8, exchange.Answer.InputTokens);
        json.WriteNumber("prompt_eval_duration"u8, prompt);
        json.WriteNumber("eval_count"u8, exchange.Answer.OutputTokens);
        json.WriteNumber("eval_duration"u8, speech);
    }

    public static void WriteEmbeddingEnd(Utf8JsonWriter json, RequestShape shape, int tokens)
    {
        json.WriteNumber("total_duration"u8, LoadNanoseconds + Nanoseconds(shape.FirstTokenMs));
        json.WriteNumber("load_duration"u8, LoadNanoseconds);
        json.WriteNumber("prompt_eval_count"u8, tokens);
    }

    private static long Nanoseconds(double milliseconds) => Math.Max(1, (long)(milliseconds * NanosecondsPerMs));
}
