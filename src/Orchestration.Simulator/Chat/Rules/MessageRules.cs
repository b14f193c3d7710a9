using System.Text.Json;

namespace Orchestration.Simulator.Chat.Rules;

/// <summary>The rules about messages.</summary>
internal static class MessageRules
{
    private const int ToolIdLength = 9;

    public static bool Breaks(RequestRule rule, JsonElement body)
    {
        var messages = body.Member("messages")!.Value.EnumerateArray().ToList();
        return rule.Rule switch
        {
            RuleKind.Roles => messages.Exists(message => !rule.Values.Any(role => role.GetString() == message.Text("role"))),
            RuleKind.NotBlank => messages.Exists(IsBlank),
            RuleKind.LastNotBlank => IsBlank(messages[^1]),
            RuleKind.LastNotAssistant => messages[^1].Text("role") == "assistant" && messages[^1].Flag("prefix") != true,
            RuleKind.ReasoningWithCalls => messages.Exists(message => Calls(message).Any() && string.IsNullOrEmpty(message.Text(rule.Member))),
            RuleKind.JsonWord => body.Member("response_format")?.Text("type") == "json_object" && !MentionsJson(messages),
            RuleKind.NineLetterIds => messages.SelectMany(Ids).Any(id => id.Length != ToolIdLength || !id.All(char.IsAsciiLetterOrDigit)),
            RuleKind.TextContent => messages.Exists(message => message.Member("content") is { ValueKind: JsonValueKind.Array }),
            RuleKind.NoNames => messages.Exists(message => message.Member("name") is not null),
            _ => false,
        };
    }

    private static JsonElement.ArrayEnumerator Calls(JsonElement message) =>
        message.Text("role") == "assistant" && message.Member("tool_calls") is { ValueKind: JsonValueKind.Array } calls ? calls.EnumerateArray() : default;

    private static IEnumerable<string> Ids(JsonElement message) =>
        Calls(message).Select(call => call.Text("id") ?? "")
            .Concat(message.Text("role") == "tool" ? [message.Text("tool_call_id") ?? ""] : []);

    private static bool IsBlank(JsonElement message) => message.Member("content") switch
    {
        { ValueKind: JsonValueKind.String } text => string.IsNullOrWhiteSpace(text.GetString()),
        { ValueKind: JsonValueKind.Array } parts => parts.GetArrayLength() == 0,
        _ => !Calls(message).Any(),
    };

    private static bool MentionsJson(List<JsonElement> messages) =>
        messages.Exists(message => message.Member("content") is { } content && content.GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase));
}
