using System.Text.Json.Nodes;

namespace Orchestration.Protocols.Tests.Responses;

/// <summary>Reads what a Responses body says, one line for each thing said.</summary>
internal static class ResponsesBodyReader
{
    public static IReadOnlyList<string> Lines(JsonNode body)
    {
        var lines = new List<string>();
        if (body["instructions"] is { } instructions)
            lines.Add($"System {instructions}");
        foreach (var item in body["input"]!.AsArray())
            Add(item!, lines);
        return lines;
    }

    public static IReadOnlyList<string> Tools(JsonNode body) =>
        [.. (body["tools"]?.AsArray() ?? []).Select(tool => $"{tool!["name"]}|{tool["description"]}|{tool["parameters"]!.ToJsonString()}")];

    private static void Add(JsonNode item, List<string> lines)
    {
        switch ((string?)item["type"])
        {
            case "function_call":
                lines.Add($"call {item["call_id"]} {item["name"]} {item["arguments"]}");
                break;
            case "function_call_output":
                lines.Add($"result {item["call_id"]} {item["output"]}");
                break;
            default:
                var role = (string)item["role"]!;
                var content = item["content"]!;
                var texts = content is JsonArray parts ? parts.Select(part => (string)part!["text"]!) : [(string)content!];
                lines.AddRange(texts.Select(text => $"{char.ToUpperInvariant(role[0])}{role[1..]} {text}"));
                break;
        }
    }
}
