using System.Text.Json;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>Reads a chat request leniently, as vendors do: unknown members are ignored.</summary>
internal static class ChatRequestReader
{
    /// <summary>The request, or the name of the member that is missing or wrong.</summary>
    /// <param name="root">Body of the request.</param>
    /// <param name="tokens">Whose tokens are counted.</param>
    /// <param name="deployment">The model when the address names it; the body need not then.</param>
    public static (ChatRequest? Request, string? Wrong) Read(JsonElement root, TokenCounter tokens, string? deployment = null)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return (null, "body");
        if ((deployment ?? root.Text("model")) is not { Length: > 0 } model)
            return (null, "model");
        if (root.Member("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            return (null, "messages");
        var choices = root.Number("n") ?? 1;
        if (choices is < 1 or > 128)
            return (null, "n");
        var limit = root.Number("max_completion_tokens") ?? root.Number("max_tokens");
        if (limit < 1)
            return (null, "max_tokens");
        var options = root.Member("stream_options") ?? default;
        var (format, schema) = ReadFormat(root.Member("response_format") ?? default);
        return (new ChatRequest
        {
            Model = model,
            Stream = root.Flag("stream") ?? false,
            IncludeUsage = options.Flag("include_usage") ?? false,
            Obfuscate = options.Flag("include_obfuscation") ?? true,
            Choices = choices,
            Stop = ReadStop(root.Member("stop") ?? default),
            MaxTokens = limit,
            Logprobs = root.Flag("logprobs") ?? false,
            Thinking = ReadThinking(root),
            ToolStream = root.Flag("tool_stream") ?? false,
            SplitsReasoning = root.Flag("reasoning_split") ?? false,
            RawReasoning = root.Text("reasoning_format") == "raw",
            HidesReasoning = root.Text("reasoning_format") == "hidden" || root.Member("reasoning")?.Flag("exclude") == true,
            ContinuousUsage = options.Flag("continuous_usage_stats") ?? false,
            Format = format,
            Schema = schema,
            Conversation = ConversationReader.Read(root, messages, tokens),
            Tools = ToolOfferReader.Read(root),
        }, null);
    }

    private static bool? ReadThinking(JsonElement root)
    {
        if (root.Member("chat_template_kwargs")?.Flag("enable_thinking") is { } template)
            return template;
        if (root.Member("thinking")?.Text("type") is { } type)
            return type != "disabled";
        if (root.Flag("enable_thinking") is { } enabled)
            return enabled;
        return root.Text("reasoning_effort") is { } effort ? effort != "none" : null;
    }

    private static List<string> ReadStop(JsonElement stop) => stop.ValueKind switch
    {
        JsonValueKind.String => [stop.GetString() ?? ""],
        JsonValueKind.Array => [.. stop.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString() ?? "")],
        _ => [],
    };

    private static (AnswerFormat, JsonElement) ReadFormat(JsonElement format) => format.Text("type") switch
    {
        "json_object" => (AnswerFormat.JsonObject, default),
        "json_schema" => (AnswerFormat.JsonSchema, format.Member("json_schema")?.Member("schema") ?? default),
        _ => (AnswerFormat.Text, default),
    };
}
