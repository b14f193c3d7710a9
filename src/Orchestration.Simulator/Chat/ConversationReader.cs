using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>Reads the messages: their text for the answer, their tokens for the bill, their hash for determinism.</summary>
internal static class ConversationReader
{
    private const int TokensPerMessage = 4;
    private const int TokensPerImage = 85;
    private const int TokensPerDetailedImage = 765;

    public static Conversation Read(JsonElement root, JsonElement messages, TokenCounter tokens)
    {
        var hash = new StableHash();
        var count = 0;
        var images = 0;
        var lastUser = "";
        var userBefore = "";
        var lastRole = "";
        foreach (var message in messages.EnumerateArray())
        {
            lastRole = message.Text("role") ?? "";
            var text = ReadContent(message, ref images, ref count);
            hash.Add(lastRole);
            hash.Add(text);
            count += TokensPerMessage + tokens.Count(text);
            if (message.Member("tool_calls") is { ValueKind: JsonValueKind.Array } calls)
                count += tokens.Count(calls.GetRawText());
            if (lastRole == "user")
                (userBefore, lastUser) = (lastUser, text);
        }
        if (root.Member("tools") is { ValueKind: JsonValueKind.Array } tools)
            count += tokens.Count(tools.GetRawText());
        return new Conversation(lastUser, lastRole is "tool" or "function", images, count, hash.Value) { FromSources = QuotedSources.Answer($"{userBefore}\n{lastUser}", lastUser) };
    }

    private static string ReadContent(JsonElement message, ref int images, ref int tokens)
    {
        var content = message.Member("content") ?? default;
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString() ?? "";
        if (content.ValueKind != JsonValueKind.Array)
            return "";
        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (part.Text("text") is { } words)
            {
                text.Append(words);
            }
            else if (part.Member("image_url") is { } image)
            {
                images++;
                tokens += image.Text("detail") == "high" ? TokensPerDetailedImage : TokensPerImage;
                text.Append("[image]");
            }
        }
        return text.ToString();
    }
}
