using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Reads the tools of a Messages request and the rule for their use.</summary>
internal static class MessagesToolReader
{
    public static void ReadTools(RequestContext context, JsonElement value, RepeatedField<Tool> tools)
    {
        foreach (var item in context.Objects(value, "tools", OpenAIRequestLimits.Tools))
            tools.Add(Read(context, item));
    }

    public static void ReadChoice(RequestContext context, JsonElement value, ChatRequest request)
    {
        if (!context.IsObject(value, "tool_choice"))
            return;

        context.Enter("tool_choice");
        var type = value.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "";
        if (type.Length == 0)
            context.Missing("type");
        if (value.TryGetProperty("disable_parallel_tool_use", out var onlyOne))
            request.ParallelToolCalls = !context.Flag(onlyOne, "disable_parallel_tool_use");
        var name = type == "tool" && value.TryGetProperty("name", out var named) ? context.Text(named, "name", OpenAIRequestLimits.ToolNameCharacters) : "";
        if (type == "tool" && name.Length == 0)
            context.Missing("name");
        request.ToolChoice = type switch
        {
            "auto" => new ToolChoice { Mode = ToolChoiceMode.Auto },
            "any" => new ToolChoice { Mode = ToolChoiceMode.Required },
            "none" => new ToolChoice { Mode = ToolChoiceMode.None },
            "tool" => new ToolChoice { Mode = ToolChoiceMode.Named, Name = name },
            _ => new ToolChoice { Mode = ToolChoiceMode.Other, Raw = value.GetRawText() },
        };
        context.Leave();
    }

    private static Tool Read(RequestContext context, JsonElement value)
    {
        var tool = new Tool();
        var others = new JsonBag();
        var type = value.TryGetProperty("type", out var kind) && kind.ValueKind != JsonValueKind.Null ? context.Text(kind, "type", 64) : "custom";
        if (type != "custom")
            tool.Kind = type;
        foreach (var member in value.EnumerateObject())
        {
            var isNull = member.Value.ValueKind == JsonValueKind.Null;
            switch (member.Name)
            {
                case "type":
                    break;
                case "name":
                    tool.Name = context.Text(member.Value, member.Name, OpenAIRequestLimits.ToolNameCharacters);
                    break;
                case "description" when tool.Kind.Length == 0 && !isNull:
                    tool.Description = context.Text(member.Value, member.Name);
                    break;
                case "input_schema" when tool.Kind.Length == 0:
                    tool.Parameters = context.IsObject(member.Value, member.Name) ? member.Value.GetRawText() : "";
                    break;
                case "strict" when tool.Kind.Length == 0 && !isNull:
                    tool.Strict = context.Flag(member.Value, member.Name);
                    break;
                default:
                    others.Add(member);
                    break;
            }
        }

        if (tool.Name.Length == 0)
            context.Missing("name");
        if (tool.Kind.Length == 0 && tool.Parameters.Length == 0)
            context.Missing("input_schema");
        tool.Extensions = others.ToString();
        return tool;
    }
}
