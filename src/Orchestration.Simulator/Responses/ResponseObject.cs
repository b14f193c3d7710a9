using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Responses;

/// <summary>The response object, which stands alone or inside the first and last events of a stream.</summary>
internal static class ResponseObject
{
    public const string InProgress = "in_progress";
    public const string Failed = "failed";
    private const string Completed = "completed";
    private const string Incomplete = "incomplete";

    public static string StatusOf(AnswerChoice choice) =>
        choice.FinishReason is "length" or DeclinedAnswer.Filtered ? Incomplete : Completed;

    public static void WritePlain(IBufferWriter<byte> buffer, ChatExchange exchange, ResponsesRequest request)
    {
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        Write(json, exchange, request, StatusOf(exchange.Answer.Choices[0]));
    }

    public static void Write(Utf8JsonWriter json, ChatExchange exchange, ResponsesRequest request, string status)
    {
        var choice = exchange.Answer.Choices[0];
        var ended = status is Completed or Incomplete;
        json.WriteStartObject();
        json.WriteString("id"u8, exchange.Entry.Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, exchange.Created);
        json.WriteString("status"u8, exchange.Fault?.Kind == FaultKind.NoFinish && ended ? null : status);
        json.WriteBoolean("background"u8, false);
        WriteProblem(json, status);
        WriteIncomplete(json, status, choice);
        Echo(json, request, "instructions", "null");
        Echo(json, request, "max_output_tokens", "null");
        json.WriteString("model"u8, exchange.Model);
        json.WriteStartArray("output"u8);
        if (ended)
            new OutputItems(exchange, request).WriteAll(json, choice);
        json.WriteEndArray();
        Echo(json, request, "parallel_tool_calls", "true");
        Echo(json, request, "previous_response_id", "null");
        Echo(json, request, "reasoning", """{"effort":null,"summary":null}""");
        json.WriteString("service_tier"u8, ended ? "default"u8 : "auto"u8);
        json.WriteBoolean("store"u8, request.Store);
        Echo(json, request, "temperature", "1.0");
        Echo(json, request, "text", """{"format":{"type":"text"}}""");
        Echo(json, request, "tool_choice", "\"auto\"");
        Echo(json, request, "tools", "[]");
        Echo(json, request, "top_p", "1.0");
        Echo(json, request, "truncation", "\"disabled\"");
        WriteUsage(json, exchange, ended);
        json.WriteNull("user"u8);
        Echo(json, request, "metadata", "{}");
        json.WriteEndObject();
    }

    private static void WriteProblem(Utf8JsonWriter json, string status)
    {
        if (status != Failed)
        {
            json.WriteNull("error"u8);
            return;
        }
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "server_error"u8);
        json.WriteString("message"u8, "The server had an error processing your request. Sorry about that!"u8);
        json.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter json, string status, AnswerChoice choice)
    {
        if (status != Incomplete)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }
        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, choice.FinishReason == "length" ? "max_output_tokens" : "content_filter");
        json.WriteEndObject();
    }

    private static void Echo(Utf8JsonWriter json, ResponsesRequest request, string name, string otherwise)
    {
        json.WritePropertyName(name);
        if (request.Echo.Member(name) is { } value)
            value.WriteTo(json);
        else
            json.WriteRawValue(otherwise);
    }

    private static void WriteUsage(Utf8JsonWriter json, ChatExchange exchange, bool ended)
    {
        if (exchange.Fault?.Kind == FaultKind.NoUsage || !ended)
        {
            json.WriteNull("usage"u8);
            return;
        }
        var answer = exchange.Answer;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, answer.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, answer.CachedTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, answer.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, answer.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, answer.InputTokens + answer.OutputTokens);
        json.WriteEndObject();
    }
}
