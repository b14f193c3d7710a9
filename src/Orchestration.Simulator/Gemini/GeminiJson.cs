using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;

namespace Orchestration.Simulator.Gemini;

/// <summary>The response object and its parts.</summary>
internal static class GeminiJson
{
    public static void WritePlain(IBufferWriter<byte> buffer, ChatExchange exchange, GeminiRequest request)
    {
        using var json = new Utf8JsonWriter(buffer, GeminiDialect.Pretty);
        json.WriteStartObject();
        if (Blocks(exchange))
        {
            WriteBlock(json);
        }
        else
        {
            json.WriteStartArray("candidates"u8);
            foreach (var choice in exchange.Answer.Choices)
                WriteCandidate(json, exchange, request, choice);
            json.WriteEndArray();
        }
        WriteTail(json, exchange, exchange.Answer.OutputTokens - exchange.Answer.ReasoningTokens, exchange.Answer.ReasoningTokens);
        json.WriteEndObject();
    }

    /// <summary>True when the prompt itself is refused: no candidate at all.</summary>
    public static bool Blocks(ChatExchange exchange) => exchange.Answer.Choices[0].FinishReason == DeclinedAnswer.Refusal;

    public static void WriteBlock(Utf8JsonWriter json)
    {
        json.WriteStartObject("promptFeedback"u8);
        json.WriteString("blockReason"u8, "PROHIBITED_CONTENT"u8);
        json.WriteEndObject();
    }

    public static string? Finish(ChatExchange exchange, AnswerChoice choice) => exchange.Fault?.Kind == FaultKind.NoFinish
        ? null
        : choice.FinishReason switch
        {
            "length" => "MAX_TOKENS",
            DeclinedAnswer.Filtered => "SAFETY",
            // Function calls have no reason of their own.
            _ => "STOP",
        };

    public static void WriteCall(Utf8JsonWriter json, AnswerToolCall call, string? signature)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        using (var arguments = JsonDocument.Parse(call.Arguments.Text))
            arguments.RootElement.WriteTo(json);
        json.WriteEndObject();
        if (signature is not null)
            json.WriteString("thoughtSignature"u8, signature);
        json.WriteEndObject();
    }

    public static string? Signature(ChatExchange exchange, GeminiRequest request, AnswerChoice choice) =>
        request.Signs ? ReasoningSeal.Of(exchange.Vendor.Id, choice.Reasoning.Text) : null;

    /// <summary>Usage, version and id, which end every response and every chunk.</summary>
    public static void WriteTail(Utf8JsonWriter json, ChatExchange exchange, int candidates, int thoughts)
    {
        if (exchange.Fault?.Kind != FaultKind.NoUsage)
            WriteUsage(json, exchange, candidates, thoughts);
        json.WriteString("modelVersion"u8, exchange.Model);
        json.WriteString("responseId"u8, exchange.Entry.Id);
    }

    private static void WriteUsage(Utf8JsonWriter json, ChatExchange exchange, int candidates, int thoughts)
    {
        var answer = exchange.Answer;
        json.WriteStartObject("usageMetadata"u8);
        json.WriteNumber("promptTokenCount"u8, answer.InputTokens);
        if (answer.CachedTokens > 0)
            json.WriteNumber("cachedContentTokenCount"u8, answer.CachedTokens);
        if (candidates > 0)
            json.WriteNumber("candidatesTokenCount"u8, candidates);
        json.WriteNumber("totalTokenCount"u8, answer.InputTokens + candidates + thoughts);
        json.WriteStartArray("promptTokensDetails"u8);
        json.WriteStartObject();
        json.WriteString("modality"u8, "TEXT"u8);
        json.WriteNumber("tokenCount"u8, answer.InputTokens);
        json.WriteEndObject();
        json.WriteEndArray();
        if (thoughts > 0)
            json.WriteNumber("thoughtsTokenCount"u8, thoughts);
        json.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter json, ChatExchange exchange, GeminiRequest request, AnswerChoice choice)
    {
        json.WriteStartObject();
        if (choice.Content.Count > 0 || choice.ToolCalls.Count > 0)
            WriteContent(json, exchange, request, choice);
        if (Finish(exchange, choice) is { } finish)
            json.WriteString("finishReason"u8, finish);
        json.WriteNumber("index"u8, choice.Index);
        if (choice.ToolCalls.Count > 0)
            json.WriteString("finishMessage"u8, "Model generated function call(s)."u8);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, ChatExchange exchange, GeminiRequest request, AnswerChoice choice)
    {
        var signature = Signature(exchange, request, choice);
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        if (request.IncludeThoughts && choice.Reasoning.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, choice.Reasoning.Text);
            json.WriteBoolean("thought"u8, true);
            json.WriteEndObject();
        }
        if (choice.Content.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, choice.Content.Text);
            if (signature is not null)
                json.WriteString("thoughtSignature"u8, signature);
            json.WriteEndObject();
        }
        for (var call = 0; call < choice.ToolCalls.Count; call++)
            WriteCall(json, choice.ToolCalls[call], call == 0 ? signature : null);
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
    }
}
