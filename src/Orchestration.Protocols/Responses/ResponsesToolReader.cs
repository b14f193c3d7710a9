using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Reads the tools of a Responses request, whose members stand flat, and the rule for their use.</summary>
internal static class ResponsesToolReader
{
    public static void ReadTools(RequestContext context, JsonElement value, RepeatedField<Tool> tools)
    {
        foreach (var item in context.Objects(value, "tools", OpenAIRequestLimits.Tools))
            tools.Add(Read(context, item));
    }

    public static ToolChoice? ReadChoice(RequestContext context, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return value.TextOf("type") == "function" && value.TextOf("name") is { Length: > 0 } name
                ? new ToolChoice { Mode = ToolChoiceMode.Named, Name = name }
                : Other(value);
        if (value.ValueKind != JsonValueKind.String)
        {
            context.WrongType("tool_choice", "a string or an object", value);
            return null;
        }

        switch (value.GetString())
        {
            case "auto":
                return new ToolChoice { Mode = ToolChoiceMode.Auto };
            case "none":
                return new ToolChoice { Mode = ToolChoiceMode.None };
            case "required":
                return new ToolChoice { Mode = ToolChoiceMode.Required };
            default:
                context.Fail("tool_choice", "invalid_value", "Invalid 'tool_choice': expected 'auto', 'none', 'required' or an object.");
                return null;
        }
    }

    private static ToolChoice Other(JsonElement value) => new() { Mode = ToolChoiceMode.Other, Raw = value.GetRawText() };

    private static Tool Read(RequestContext context, JsonElement value)
    {
        var type = value.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "";
        if (type.Length == 0)
            context.Missing("type");
        return type is "function" or "custom" ? ReadOwn(context, value, type) : ReadHosted(value, type);
    }

    private static Tool ReadOwn(RequestContext context, JsonElement value, string type)
    {
        var tool = new Tool { Kind = type == "function" ? "" : type };
        var others = new JsonBag();
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
                case "description" when !isNull:
                    tool.Description = context.Text(member.Value, member.Name);
                    break;
                case "parameters" when type == "function" && !isNull:
                    tool.Parameters = context.IsObject(member.Value, member.Name) ? member.Value.GetRawText() : "";
                    break;
                case "strict" when type == "function" && !isNull:
                    tool.Strict = context.Flag(member.Value, member.Name);
                    break;
                default:
                    if (!isNull)
                        others.Add(member);
                    break;
            }
        }

        if (tool.Name.Length == 0)
            context.Missing("name");
        tool.Extensions = others.ToString();
        return tool;
    }

    // A tool that the provider runs itself goes on as it is, to providers of this protocol only.
    private static Tool ReadHosted(JsonElement value, string type)
    {
        var members = new JsonBag();
        foreach (var member in value.EnumerateObject().Where(member => member.Name != "type"))
            members.Add(member);
        return new Tool { Kind = type, Name = type, Extensions = members.ToString() };
    }
}
