using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Sends an answer as one JSON object.</summary>
internal static class PlainAnswer
{
    public static async Task WriteAsync(ChatExchange exchange)
    {
        var left = exchange.Context.RequestAborted;
        var json = new ArrayBufferWriter<byte>(1024);
        Compose(json, exchange);
        var longest = exchange.Answer.Choices.Max(choice => choice.Tokens);
        var delay = exchange.Pace.Until(longest);
        var interval = TimeSpan.FromMilliseconds(exchange.Shape.KeepAliveMs);
        var queues = interval > TimeSpan.Zero && delay > interval;
        var body = FaultResponses.OpenBody(
            exchange.Context, exchange.Entry, exchange.Fault, WireHeaders.Json, queues ? null : json.WrittenCount);
        for (; delay >= TimeSpan.FromMilliseconds(1); delay = exchange.Pace.Until(longest))
        {
            if (!await exchange.Pace.WaitAsync(queues && interval < delay ? interval : delay, left))
                return;
            if (!queues)
                continue;
            // A queued answer begins with empty lines.
            body.Write("\n"u8);
            if (!await body.FlushAsync(left))
                return;
        }
        exchange.Entry.OutputTokens = exchange.Answer.OutputTokens;
        body.Write(json.WrittenSpan);
        await body.CompleteAsync(left);
    }

    private static void Compose(ArrayBufferWriter<byte> buffer, ChatExchange exchange)
    {
        var openAI = exchange.Vendor.Dialect == Dialect.OpenAI;
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, exchange.Entry.Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, exchange.Created);
        json.WriteString("model"u8, exchange.Model);
        json.WriteStartArray("choices"u8);
        foreach (var choice in exchange.Answer.Choices)
            WriteChoice(json, exchange, choice);
        json.WriteEndArray();
        if (exchange.Fault?.Kind != FaultKind.NoUsage)
        {
            json.WritePropertyName("usage"u8);
            UsageJson.Write(json, exchange.Vendor.Dialect, exchange.Answer);
        }
        if (openAI)
            json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("system_fingerprint"u8, "fp_simulated"u8);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatExchange exchange, AnswerChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        WriteMessage(json, exchange, choice);
        if (exchange.Request.Logprobs && choice.Content.Count > 0)
        {
            json.WritePropertyName("logprobs"u8);
            LogprobsJson.Write(json, choice.Content, 0, choice.Content.Count);
        }
        else
        {
            json.WriteNull("logprobs"u8);
        }
        json.WriteString("finish_reason"u8, exchange.Fault?.Kind == FaultKind.NoFinish ? null : choice.FinishReason);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatExchange exchange, AnswerChoice choice)
    {
        var dialect = exchange.Vendor.Dialect;
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.ToolCalls.Count > 0 && dialect != Dialect.DeepSeek)
            json.WriteNull("content"u8);
        else
            json.WriteString("content"u8, choice.Content.Text);
        if (choice.Reasoning.Count > 0 && exchange.ShowsReasoning)
            json.WriteString("reasoning_content"u8, choice.Reasoning.Text);
        if (choice.ToolCalls.Count > 0)
            WriteToolCalls(json, choice.ToolCalls, dialect == Dialect.DeepSeek);
        if (dialect == Dialect.OpenAI)
        {
            json.WriteNull("refusal"u8);
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteToolCalls(Utf8JsonWriter json, IReadOnlyList<AnswerToolCall> calls, bool numbered)
    {
        json.WriteStartArray("tool_calls"u8);
        for (var i = 0; i < calls.Count; i++)
        {
            json.WriteStartObject();
            if (numbered)
                json.WriteNumber("index"u8, i);
            json.WriteString("id"u8, calls[i].Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, calls[i].Name);
            json.WriteString("arguments"u8, calls[i].Arguments.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
