using System.Text.Json;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>Reads a chat request leniently, as vendors do: unknown members are ignored.</summary>
internal static class ChatRequestReader
{
    /// <summary>The request, or the name of the member that is missing or wrong.</summary>
    public static (ChatRequest? Request, string? Wrong) Read(JsonElement root, TokenCounter tokens)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return (null, "body");
        if (root.Text("model") is not { Length: > 0 } model)
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
            Format = format,
            Schema = schema,
            Conversation = ConversationReader.Read(root, messages, tokens),
            Tools = ToolOfferReader.Read(root),
        }, null);
    }

    private static bool? ReadThinking(JsonElement root)
    {
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
