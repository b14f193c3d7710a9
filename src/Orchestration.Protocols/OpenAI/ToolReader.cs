using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the tools of a request and the rule for their use.</summary>
internal static class ToolReader
{
    public static void ReadTools(RequestContext context, JsonElement value, RepeatedField<Tool> tools)
    {
        foreach (var item in context.Objects(value, "tools", OpenAIRequestLimits.Tools))
            tools.Add(ReadTool(context, item));
    }

    public static ToolChoice? ReadChoice(RequestContext context, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return NamedFunction(value) is { } name ? Named(name) : Other(value);
        if (value.ValueKind != JsonValueKind.String)
        {
            context.WrongType("tool_choice", "a string or an object", value);
            return null;
        }

        return value.GetString() switch
        {
            "auto" => new ToolChoice { Mode = ToolChoiceMode.Auto },
            "none" => new ToolChoice { Mode = ToolChoiceMode.None },
            "required" => new ToolChoice { Mode = ToolChoiceMode.Required },
            _ => Other(value),
        };
    }

    /// <summary>Maps the old members <c>functions</c> and <c>function_call</c> to tools.</summary>
    public static void ReadLegacy(RequestContext context, JsonElement functions, JsonElement functionCall, ChatRequest request)
    {
        if (functions.ValueKind != JsonValueKind.Undefined)
        {
            foreach (var item in context.Objects(functions, "functions", OpenAIRequestLimits.Tools - request.Tools.Count))
            {
                var tool = new Tool();
                SetExtensions(tool, "function", ReadFunction(context, item, tool), default);
                request.Tools.Add(tool);
            }

            context.Warn("functions", "parameter_changed", "'functions' is deprecated and was sent as 'tools'; calls come back as 'tool_calls'.");
        }

        if (functionCall.ValueKind == JsonValueKind.Object && functionCall.TryGetProperty("name", out var name))
            request.ToolChoice ??= Named(context.Text(name, "function_call.name", OpenAIRequestLimits.ToolNameCharacters));
        else if (functionCall.ValueKind == JsonValueKind.String)
            request.ToolChoice ??= ReadChoice(context, functionCall);
        else if (functionCall.ValueKind != JsonValueKind.Undefined)
            context.WrongType("function_call", "a string or an object", functionCall);
    }

    private static Tool ReadTool(RequestContext context, JsonElement value)
    {
        var tool = new Tool();
        if (!value.TryGetProperty("type", out var type))
            context.Missing("type");
        var kind = type.ValueKind == JsonValueKind.Undefined ? "function" : context.Text(type, "type", 64);
        tool.Kind = kind == "function" ? "" : kind;

        var outer = new JsonBag();
        var inner = new JsonBag();
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals(kind) && member.Value.ValueKind == JsonValueKind.Object)
                inner = ReadInner(context, kind, member.Value, tool);
            else if (!member.NameEquals("type"))
                outer.Add(member);
        }

        if (tool.Name.Length == 0 && tool.Kind.Length > 0)
            tool.Name = tool.Kind;
        else if (tool.Name.Length == 0)
            context.Missing("function.name");
        SetExtensions(tool, kind, inner, outer);
        return tool;
    }

    private static JsonBag ReadInner(RequestContext context, string kind, JsonElement value, Tool tool)
    {
        context.Enter(kind);
        // A vendor's own tool has its own members; only the two standard kinds are taken apart.
        var others = kind is "function" or "custom" ? ReadFunction(context, value, tool) : Keep(value);
        context.Leave();
        return others;
    }

    private static JsonBag Keep(JsonElement value)
    {
        var bag = new JsonBag();
        foreach (var member in value.EnumerateObject())
            bag.Add(member);
        return bag;
    }

    private static JsonBag ReadFunction(RequestContext context, JsonElement value, Tool tool)
    {
        var others = new JsonBag();
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "name":
                    tool.Name = context.Text(member.Value, member.Name, OpenAIRequestLimits.ToolNameCharacters);
                    break;
                case "description" when member.Value.ValueKind != JsonValueKind.Null:
                    tool.Description = context.Text(member.Value, member.Name);
                    break;
                case "parameters" when member.Value.ValueKind != JsonValueKind.Null:
                    tool.Parameters = context.IsObject(member.Value, member.Name) ? member.Value.GetRawText() : "";
                    break;
                case "strict" when member.Value.ValueKind != JsonValueKind.Null:
                    tool.Strict = context.Flag(member.Value, member.Name);
                    break;
                default:
                    others.Add(member);
                    break;
            }
        }

        if (tool.Name.Length == 0)
            context.Missing("name");
        return others;
    }

    private static void SetExtensions(Tool tool, string kind, JsonBag inner, JsonBag outer)
    {
        outer.Add(kind, inner);
        tool.Extensions = outer.ToString();
    }

    private static string? NamedFunction(JsonElement value)
    {
        var isExact = value.EnumerateObject().Count() == 2
            && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("function")
            && value.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            && function.EnumerateObject().Count() == 1;
        return isExact && value.GetProperty("function").TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;
    }

    private static ToolChoice Named(string name) => new() { Mode = ToolChoiceMode.Named, Name = name };

    private static ToolChoice Other(JsonElement value) => new() { Mode = ToolChoiceMode.Other, Raw = value.GetRawText() };
}
