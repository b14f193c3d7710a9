using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes <c>tools</c>, whose members stand flat in this protocol, and the rule for their use.</summary>
internal sealed class ResponsesToolWriter(Utf8JsonWriter writer, ResponsesRequestTarget target, EncodingWarnings warnings, ChatRequest request)
{
    private const string NoParameters = """{"type":"object","properties":{}}""";

    private readonly bool _sameProtocol = request.Protocol == Protocol.OpenaiResponses;

    public void Write()
    {
        var hasTools = WriteTools();
        if (request.ToolChoice is { } choice)
        {
            if (hasTools)
                WriteChoice(choice);
            else if (choice.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named or ToolChoiceMode.Other)
                warnings.Dropped("tool_choice", "There is no tool that could be chosen.");
        }

        if (!request.HasParallelToolCalls || !hasTools)
            return;
        if (target.UnsupportedMembers.Contains("parallel_tool_calls"))
            warnings.Dropped("parallel_tool_calls", "The provider does not take 'parallel_tool_calls'.");
        else
            writer.WriteBoolean("parallel_tool_calls", request.ParallelToolCalls);
    }

    private bool WriteTools()
    {
        var tools = request.Tools.Where(Takes).ToList();
        if (tools.Count == 0)
            return false;
        writer.WriteStartArray("tools");
        foreach (var tool in tools)
            Write(tool);
        writer.WriteEndArray();
        return true;
    }

    private bool Takes(Tool tool)
    {
        if (target.UnsupportedMembers.Contains("tools"))
            warnings.Dropped("tools", "The provider does not take 'tools'.");
        else if (tool.Kind is not ("" or "function" or "custom") && !_sameProtocol)
            warnings.Dropped("tools", "Tools that another provider runs itself were not sent.");
        else
            return true;
        return false;
    }

    private void Write(Tool tool)
    {
        var kind = tool.Kind.Length == 0 ? "function" : tool.Kind;
        var extra = ExtraMembers.Parse(tool.Extensions);
        writer.WriteStartObject();
        writer.WriteString("type", kind);
        if (kind is "function" or "custom")
        {
            writer.WriteString("name", tool.Name);
            if (tool.Description.Length > 0)
                writer.WriteString("description", tool.Description);
        }

        if (kind == "function")
            WriteParameters(tool);
        else if (kind == "custom" && !_sameProtocol && extra.Nested("custom").TryGet("format", out var format))
            WriteFormat(format);
        if (_sameProtocol)
            extra.Write(writer, "type", "name", "description", "parameters", kind == "function" ? "strict" : "type");
        writer.WriteEndObject();
    }

    private void WriteParameters(Tool tool)
    {
        JsonWriting.WriteJson(writer, "parameters", tool.Parameters.Length > 0 ? tool.Parameters : NoParameters);
        // Here tools are strict unless told otherwise, in all other protocols they are not.
        if (tool.HasStrict || !_sameProtocol)
            writer.WriteBoolean("strict", tool.HasStrict && tool.Strict);
    }

    // Chat completions nest the grammar once more: {"type":"grammar","grammar":{"syntax","definition"}}.
    private void WriteFormat(JsonElement format)
    {
        if (!format.TryGet("grammar", out var grammar) || grammar.ValueKind != JsonValueKind.Object)
        {
            JsonWriting.WriteJson(writer, "format", format.GetRawText());
            return;
        }

        writer.WriteStartObject("format");
        writer.WriteString("type", "grammar");
        foreach (var member in grammar.EnumerateObject())
            ExtraMembers.Write(writer, member);
        writer.WriteEndObject();
    }

    private void WriteChoice(ToolChoice choice)
    {
        switch (choice.Mode)
        {
            case ToolChoiceMode.Named:
                writer.WritePropertyName("tool_choice");
                WriteNamed(request.Tools.FirstOrDefault(tool => tool.Name == choice.Name)?.Kind is "custom" ? "custom" : "function", choice.Name);
                break;
            case ToolChoiceMode.Other:
                WriteOther(choice.Raw);
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

    private void WriteOther(string raw)
    {
        var choice = ExtraMembers.Parse(raw);
        var kind = choice.TryGet("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : "";
        if (_sameProtocol)
        {
            JsonWriting.WriteJson(writer, "tool_choice", raw);
        }
        else if (kind == "custom" && choice.Nested("custom").TryGet("name", out var name) && name.ValueKind == JsonValueKind.String)
        {
            writer.WritePropertyName("tool_choice");
            WriteNamed("custom", name.GetString()!);
        }
        else if (kind == "allowed_tools" && choice.TryGet("allowed_tools", out var allowed) && allowed.ValueKind == JsonValueKind.Object)
        {
            WriteAllowed(allowed);
        }
        else
        {
            warnings.Dropped("tool_choice", "The provider does not know this form of 'tool_choice'.");
        }
    }

    private void WriteAllowed(JsonElement allowed)
    {
        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", "allowed_tools");
        writer.WriteString("mode", allowed.TextOf("mode") is { Length: > 0 } mode ? mode : "auto");
        writer.WriteStartArray("tools");
        foreach (var tool in allowed.ItemsOf("tools"))
        {
            var kind = tool.TextOf("type") == "custom" ? "custom" : "function";
            if (tool.TryGet(kind, out var inner))
                WriteNamed(kind, inner.TextOf("name"));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteNamed(string kind, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("type", kind);
        writer.WriteString("name", name);
        writer.WriteEndObject();
    }
}
