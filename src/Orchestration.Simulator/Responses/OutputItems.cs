using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Responses;

/// <summary>The items of a response: reasoning, message, function calls; whole, or empty as a stream announces them.</summary>
internal sealed class OutputItems(ChatExchange exchange, ResponsesRequest request)
{
    private const int IdLength = 48;
    private const int CallIdLength = 24;

    public string ReasoningId { get; } = Id("rs_", exchange.Entry.Id);

    public string MessageId { get; } = Id("msg_", exchange.Entry.Id);

    public static string ItemId(AnswerToolCall call) => CallIds.From(call, "fc_", IdLength);

    public void WriteAll(Utf8JsonWriter json, AnswerChoice choice)
    {
        if (choice.Reasoning.Count > 0)
            WriteReasoning(json, choice, true);
        if (choice.Content.Count > 0 || choice.FinishReason == DeclinedAnswer.Refusal)
            WriteMessage(json, choice, true);
        foreach (var call in choice.ToolCalls)
            WriteCall(json, call, true);
    }

    public void WriteReasoning(Utf8JsonWriter json, AnswerChoice choice, bool whole)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ReasoningId);
        json.WriteString("type"u8, "reasoning"u8);
        if (request.Encrypted)
            json.WriteString("encrypted_content"u8, whole ? ReasoningSeal.Of(exchange.Vendor.Id, choice.Reasoning.Text) : "");
        json.WriteStartArray("summary"u8);
        if (whole && request.Summary)
            WriteSummaryPart(json, choice.Reasoning.Text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteSummaryPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter json, AnswerChoice choice, bool whole)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, MessageId);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, whole ? ResponseObject.StatusOf(choice) : ResponseObject.InProgress);
        json.WriteStartArray("content"u8);
        if (whole && choice.FinishReason == DeclinedAnswer.Refusal)
            WriteRefusalPart(json, DeclinedAnswer.Explanation);
        else if (whole)
            WriteTextPart(json, choice.Content.Text);
        json.WriteEndArray();
        json.WriteString("role"u8, "assistant"u8);
        json.WriteEndObject();
    }

    public static void WriteTextPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    public static void WriteRefusalPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "refusal"u8);
        json.WriteString("refusal"u8, text);
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, AnswerToolCall call, bool whole)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ItemId(call));
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("status"u8, whole ? "completed" : ResponseObject.InProgress);
        json.WriteString("arguments"u8, whole ? call.Arguments.Text : "");
        json.WriteString("call_id"u8, CallIds.From(call, "call_", CallIdLength));
        json.WriteString("name"u8, call.Name);
        json.WriteEndObject();
    }

    private static string Id(string prefix, string response)
    {
        var hash = new StableHash();
        hash.Add(prefix);
        hash.Add(response);
        var random = new StableRandom(hash.Value);
        return prefix + AnswerIds.Letters(ref random, IdLength);
    }
}
