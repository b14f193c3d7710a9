using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Objects that plain and streamed answers share.</summary>
internal static class MessageWriting
{
    private const string Empty = "{}";

    /// <summary>Counts in Anthropic's form: cached tokens beside the input, thinking inside the output.</summary>
    public static void WriteUsage(Utf8JsonWriter writer, Usage? usage, string serviceTier = "")
    {
        usage ??= new Usage();
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.InputTokens + usage.AudioInputTokens);
        writer.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens + usage.CacheWrite1HTokens);
        writer.WriteNumber("cache_read_input_tokens", usage.CacheReadTokens);
        writer.WriteStartObject("cache_creation");
        writer.WriteNumber("ephemeral_5m_input_tokens", usage.CacheWriteTokens);
        writer.WriteNumber("ephemeral_1h_input_tokens", usage.CacheWrite1HTokens);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.TotalOutput());
        if (usage.ReasoningTokens > 0)
        {
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("thinking_tokens", usage.ReasoningTokens);
            writer.WriteEndObject();
        }

        if (usage.SearchUnits > 0)
        {
            writer.WriteStartObject("server_tool_use");
            writer.WriteNumber("web_search_requests", usage.SearchUnits);
            writer.WriteEndObject();
        }

        if (TierOf(serviceTier) is { } tier)
            writer.WriteString("service_tier", tier);
        writer.WriteEndObject();
    }

    // Strict clients take the protocol's own three words only.
    private static string? TierOf(string serviceTier) => serviceTier switch
    {
        "standard" or "default" or "auto" => "standard",
        "priority" or "scale" => "priority",
        "batch" => "batch",
        _ => null,
    };

    /// <summary>Writes the members of a tool call's block but its input.</summary>
    public static void WriteCall(Utf8JsonWriter writer, ToolCall call)
    {
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", AnthropicIdentifiers.Clean(call.Id));
        writer.WriteString("name", call.Name);
        if (call.Signature.Length > 0)
            writer.WriteString("signature", call.Signature);
        // The model itself called, and no code that it runs; strict clients want to be told.
        writer.WriteStartObject("caller");
        writer.WriteString("type", "direct");
        writer.WriteEndObject();
    }

    /// <summary>The arguments as the object that a block holds.</summary>
    public static string InputOf(ToolCall call)
    {
        var arguments = call.Arguments.Trim();
        if (call.Kind is not ("" or "function"))
            return $$"""{"input":{{JsonSerializer.Serialize(call.Arguments)}}}""";
        if (arguments is "" or "null" or Empty)
            return Empty;
        return ExtraMembers.Parse(arguments).Members.Any() ? arguments : $$"""{"_raw":{{JsonSerializer.Serialize(call.Arguments)}}}""";
    }

    /// <summary>"provider/model" that issued what an answer holds; empty when nobody knows.</summary>
    public static string OriginOf(ResponseStarted? response) =>
        response is { Provider.Length: > 0, Model.Length: > 0 } ? $"{response.Provider}/{response.Model}" : "";
}
