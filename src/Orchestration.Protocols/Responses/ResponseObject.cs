using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>The response object, which stands alone or in the first and last events of a stream.</summary>
/// <param name="requestId">Id of the request; shown as <c>resp_…</c>.</param>
/// <param name="echo">See <see cref="ChatRequestDecoding.Decoded"/>.</param>
internal sealed class ResponseObject(string requestId, string echo)
{
    private readonly ExtraMembers _echo = ExtraMembers.Parse(echo);

    public string Status { get; set; } = ResponseItem.InProgress;

    public string Model { get; set; } = "";

    public long CreatedAt { get; set; } = AnswerWriting.SecondsOf(requestId);

    public string ServiceTier { get; set; } = "";

    public Usage? Usage { get; set; }

    public OrchestrationFacts? Facts { get; set; }

    public List<ResponseItem> Items { get; } = [];

    /// <summary>True when the client wants what only the origin of reasoning can read.</summary>
    public bool WantsEncrypted => _echo.TryGet("include", out var list) && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals("reasoning.encrypted_content"));

    private string IncompleteReason { get; set; } = "";

    private Failure? Failure { get; set; }

    /// <summary>A new item at the end of the answer.</summary>
    public ResponseItem Add(string type, ToolCall? call = null)
    {
        var prefix = type switch { "message" => "msg", "reasoning" => "rs", "custom_tool_call" => "ctc", _ => "fc" };
        var item = new ResponseItem($"{prefix}_{requestId.Replace("-", "", StringComparison.Ordinal)}_{Items.Count}", type) { Call = call };
        Items.Add(item);
        return item;
    }

    /// <summary>A new item for a call of a tool.</summary>
    public ResponseItem Add(ToolCall call) => Add(call.Kind == "custom" ? "custom_tool_call" : "function_call", call);

    /// <summary>Takes what an end says about the whole.</summary>
    public void End(Finish finish)
    {
        IncompleteReason = finish.Reason switch
        {
            FinishReason.Length => "max_output_tokens",
            FinishReason.ContentFilter => "content_filter",
            _ => "",
        };
        Status = IncompleteReason.Length > 0 ? ResponseItem.Incomplete : ResponseItem.Completed;
    }

    /// <summary>Takes a failure that ended the whole; items that were not complete stay so.</summary>
    public void Fail(Failure failure)
    {
        (Status, Failure, IncompleteReason) = ("failed", failure, "");
        foreach (var item in Items.Where(item => item.Status == ResponseItem.InProgress))
            item.Status = ResponseItem.Incomplete;
    }

    public void Write(Utf8JsonWriter json, bool withItems)
    {
        json.WriteStartObject();
        json.WriteString("id", "resp_" + requestId);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", CreatedAt);
        json.WriteString("status", Status);
        json.WriteBoolean("background", false);
        WriteProblems(json);
        json.WriteString("model", Model);
        json.WriteStartArray("output");
        foreach (var item in withItems ? Items : [])
            item.Write(json, WantsEncrypted);
        json.WriteEndArray();
        WriteEcho(json);
        // Whatever was wished: nothing is kept.
        json.WriteNull("previous_response_id");
        json.WriteBoolean("store", false);
        WriteUsage(json);
        if (Facts is not null)
            AnswerWriting.WriteFacts(json, Facts);
        json.WriteEndObject();
    }

    private void WriteProblems(Utf8JsonWriter json)
    {
        if (Failure is null)
        {
            json.WriteNull("error");
        }
        else
        {
            json.WriteStartObject("error");
            json.WriteString("code", OpenAIErrorEncoder.ErrorCode(Failure) ?? "server_error");
            json.WriteString("message", OpenAIErrorEncoder.MessageOf(Failure));
            json.WriteEndObject();
        }

        if (IncompleteReason.Length == 0)
        {
            json.WriteNull("incomplete_details");
            return;
        }

        json.WriteStartObject("incomplete_details");
        json.WriteString("reason", IncompleteReason);
        json.WriteEndObject();
    }

    private void WriteEcho(Utf8JsonWriter json)
    {
        Echo(json, "instructions", "null");
        Echo(json, "max_output_tokens", "null");
        Echo(json, "max_tool_calls", "null");
        Echo(json, "parallel_tool_calls", "true");
        Echo(json, "reasoning", """{"effort":null,"summary":null}""");
        Echo(json, "temperature", "null");
        Echo(json, "text", """{"format":{"type":"text"}}""");
        Echo(json, "tool_choice", "\"auto\"");
        Echo(json, "tools", "[]");
        Echo(json, "top_logprobs", "0");
        Echo(json, "top_p", "null");
        Echo(json, "truncation", "\"disabled\"");
        Echo(json, "prompt_cache_key", "null");
        Echo(json, "safety_identifier", "null");
        Echo(json, "user", "null");
        Echo(json, "metadata", "{}");
        if (ServiceTier.Length > 0)
            json.WriteString("service_tier", ServiceTier == "standard" ? "default" : ServiceTier);
        else
            Echo(json, "service_tier", "\"default\"");
    }

    private void Echo(Utf8JsonWriter json, string name, string otherwise)
    {
        json.WritePropertyName(name);
        ExtraMembers.WriteRaw(json, _echo.TryGet(name, out var value) ? value.GetRawText() : otherwise);
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        if (Usage is null)
        {
            json.WriteNull("usage");
            return;
        }

        var (input, output) = (Usage.TotalInput(), Usage.TotalOutput());
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", input);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", Usage.CacheReadTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", output);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", Usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", input + output);
        json.WriteEndObject();
    }
}
