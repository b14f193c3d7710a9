using System.Text.Json;

namespace Orchestration.Simulator.Chat;

internal static class ToolOfferReader
{
    public static ToolOffer Read(JsonElement root)
    {
        if (root.Member("tools") is not { ValueKind: JsonValueKind.Array } offered)
            return ToolOffer.None;
        var tools = new List<OfferedTool>();
        foreach (var tool in offered.EnumerateArray())
        {
            if (tool.Member("function") is { } function && function.Text("name") is { Length: > 0 } name)
                tools.Add(new OfferedTool(name, function.Member("parameters") ?? default));
        }
        if (tools.Count == 0)
            return ToolOffer.None;
        var choice = root.Member("tool_choice") ?? default;
        var parallel = root.Flag("parallel_tool_calls") ?? true;
        if (choice.Member("function")?.Text("name") is { } named)
            return new ToolOffer(tools, named, true, parallel);
        var mode = choice.ValueKind == JsonValueKind.String ? choice.GetString() : null;
        return new ToolOffer(tools, mode == "required" ? "" : null, mode != "none", parallel);
    }
}
