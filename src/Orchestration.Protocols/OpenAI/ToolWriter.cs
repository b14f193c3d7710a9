using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes tools and the rule for their use.</summary>
internal static class ToolWriter
{
    public static void WriteTools(Utf8JsonWriter writer, IReadOnlyList<Tool> tools, bool sameProtocol)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in tools)
            Write(writer, tool, sameProtocol ? ExtraMembers.Parse(tool.Extensions) : default);
        writer.WriteEndArray();
    }

    public static void WriteChoice(Utf8JsonWriter writer, ToolChoice choice)
    {
        switch (choice.Mode)
        {
            case ToolChoiceMode.Named:
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteString("name", choice.Name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case ToolChoiceMode.Other:
                JsonWriting.WriteJson(writer, "tool_choice", choice.Raw);
                break;
            default:
                writer.WriteString("tool_choice", choice.Mode switch
                {
                    ToolChoiceMode.None => "none",
                    ToolChoiceMode.Required => "required",
                    _ => "auto",
                });
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, Tool tool, ExtraMembers extra)
    {
        var kind = tool.Kind.Length == 0 ? "function" : tool.Kind;
        writer.WriteStartObject();
        writer.WriteString("type", kind);
        if (kind is "function" or "custom")
            WriteFunction(writer, kind, tool, extra.Nested(kind));
        else if (extra.TryGet(kind, out var own))
            JsonWriting.WriteJson(writer, kind, own.GetRawText());
        extra.Write(writer, kind, "type");
        writer.WriteEndObject();
    }

    private static void WriteFunction(Utf8JsonWriter writer, string kind, Tool tool, ExtraMembers extra)
    {
        writer.WriteStartObject(kind);
        writer.WriteString("name", tool.Name);
        if (tool.Description.Length > 0)
            writer.WriteString("description", tool.Description);
        if (tool.Parameters.Length > 0)
            JsonWriting.WriteJson(writer, "parameters", tool.Parameters);
        if (tool.HasStrict)
            writer.WriteBoolean("strict", tool.Strict);
        extra.Write(writer, "name");
        writer.WriteEndObject();
    }
}
