using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the tool calls of an assistant turn in a request.</summary>
internal static class ToolCallReader
{
    private const string Member = "tool_calls";

    public static IReadOnlyList<Part> ReadAll(RequestContext context, JsonElement value)
    {
        return [.. context.Objects(value, Member, OpenAIRequestLimits.ToolCallsPerMessage).Select(item => Read(context, item))];
    }

    /// <summary>Reads name and arguments of a function; returns the members that it does not know.</summary>
    public static JsonBag ReadFunction(RequestContext context, JsonElement value, ToolCall call)
    {
        var others = new JsonBag();
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "name":
                    call.Name = context.Text(member.Value, member.Name, OpenAIRequestLimits.NameCharacters);
                    break;
                case "arguments" when call.Kind.Length == 0:
                case "input" when call.Kind.Length > 0:
                    call.Arguments = ReadArguments(context, member);
                    break;
                default:
                    others.Add(member);
                    break;
            }
        }

        if (call.Name.Length == 0)
            context.Missing("name");
        return others;
    }

    private static string ReadArguments(RequestContext context, JsonProperty member)
    {
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Object:
                context.Warn(member.Name, "parameter_changed", "Arguments must be a string; the object was sent as its text.");
                return member.Value.GetRawText();
            default:
                return context.Text(member.Value, member.Name);
        }
    }

    private static Part Read(RequestContext context, JsonElement value)
    {
        var call = new ToolCall();
        var others = new JsonBag();
        var kind = value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "function";
        if (kind != "function")
            call.Kind = kind;
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("id"))
                call.Id = context.Text(member.Value, member.Name, OpenAIRequestLimits.NameCharacters);
            else if (member.NameEquals(kind) && context.IsObject(member.Value, kind))
                others.Add(kind, ReadInner(context, kind, member.Value, call));
            else if (!member.NameEquals("type"))
                others.Add(member);
        }

        if (call.Id.Length == 0)
            context.Missing("id");
        if (call.Name.Length == 0)
            context.Missing(kind + ".name");
        return new Part { ToolCall = call, Extensions = others.ToString() };
    }

    private static JsonBag ReadInner(RequestContext context, string kind, JsonElement value, ToolCall call)
    {
        context.Enter(kind);
        var others = ReadFunction(context, value, call);
        context.Leave();
        return others;
    }
}
