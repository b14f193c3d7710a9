using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Writes tools and the rule for their use.</summary>
internal sealed class MessagesToolWriter(Utf8JsonWriter writer, EncodingContext context, BlockWriter blocks)
{
    private const string NoParameters = """{"type":"object","properties":{}}""";

    public void Write()
    {
        if (context.SchemaTool)
        {
            WriteSchemaTool(context.Request.ResponseFormat);
            return;
        }

        var written = 0;
        for (var i = 0; i < context.Request.Tools.Count; i++)
        {
            var tool = context.Request.Tools[i];
            if (!Takes(tool))
            {
                context.Dropped($"tools[{i}]", "The provider knows no tool of this kind.");
                continue;
            }

            if (written++ == 0)
                writer.WriteStartArray("tools");
            Write(tool, i);
        }

        if (written > 0)
            writer.WriteEndArray();
        WriteChoice(written > 0);
    }

    private bool Takes(Tool tool) => tool.Kind.Length == 0 || tool.Kind == "function" || context.SameProtocol;

    private void Write(Tool tool, int index)
    {
        var isFunction = tool.Kind.Length == 0 || tool.Kind == "function";
        var extra = ExtraMembers.Parse(tool.Extensions);
        writer.WriteStartObject();
        if (!isFunction)
            writer.WriteString("type", tool.Kind);
        writer.WriteString("name", isFunction ? AnthropicIdentifiers.Clean(tool.Name) : tool.Name);
        if (isFunction)
            WriteFunction(tool, index);
        if (context.SameProtocol)
            extra.Write(writer, "type", "name", "description", "input_schema", "strict", "cache_control");
        var mark = extra.TryGet("cache_control", out var own) || extra.Nested("function").TryGet("cache_control", out own) ? own.GetRawText() : "";
        blocks.WriteCacheControl(mark);
        writer.WriteEndObject();
    }

    private void WriteFunction(Tool tool, int index)
    {
        if (tool.Description.Length > 0)
            writer.WriteString("description", tool.Description);
        writer.WritePropertyName("input_schema");
        WriteSchema(tool.Parameters, $"tools[{index}]");
        if (tool is not { HasStrict: true, Strict: true })
            return;
        if (context.Rules.StrictTools)
            writer.WriteBoolean("strict", true);
        else
            context.Dropped($"tools[{index}].strict", "The model does not hold tool arguments to a schema.");
    }

    // The root must say that it is an object.
    private void WriteSchema(string schema, string path)
    {
        var members = ExtraMembers.Parse(schema.Length == 0 ? NoParameters : schema);
        if (!members.Members.Any() && schema.Trim() != "{}")
        {
            context.Changed(path, "Parameters that are no JSON schema of an object were sent as none.");
            writer.WriteRawValue(NoParameters, skipInputValidation: true);
        }
        else if (members.Has("type"))
        {
            writer.WriteRawValue(schema.Length == 0 ? NoParameters : schema, skipInputValidation: true);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            members.Write(writer);
            writer.WriteEndObject();
        }
    }

    private void WriteSchemaTool(ResponseFormat format)
    {
        writer.WriteStartArray("tools");
        writer.WriteStartObject();
        writer.WriteString("name", AnthropicSchemaTool.Name);
        writer.WriteString("description", format.SchemaDescription.Length > 0 ? format.SchemaDescription : "Takes the answer.");
        writer.WritePropertyName("input_schema");
        WriteSchema(format.Schema, "response_format");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", "tool");
        writer.WriteString("name", AnthropicSchemaTool.Name);
        writer.WriteBoolean("disable_parallel_tool_use", true);
        writer.WriteEndObject();
    }

    private void WriteChoice(bool hasTools)
    {
        var request = context.Request;
        var onlyOne = request.HasParallelToolCalls && !request.ParallelToolCalls;
        if (!hasTools || (request.ToolChoice is null && !onlyOne))
            return;
        if (request.ToolChoice is { Mode: ToolChoiceMode.Other } other)
        {
            WriteOther(other, onlyOne);
            return;
        }

        var mode = request.ToolChoice?.Mode ?? ToolChoiceMode.Auto;
        if (context.Thinking.IsOn && mode is ToolChoiceMode.Required or ToolChoiceMode.Named)
        {
            context.Changed("tool_choice", "The provider does not force tools while it thinks; the choice was left to the model.");
            mode = ToolChoiceMode.Auto;
        }

        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", mode switch { ToolChoiceMode.None => "none", ToolChoiceMode.Required => "any", ToolChoiceMode.Named => "tool", _ => "auto" });
        if (mode == ToolChoiceMode.Named)
            writer.WriteString("name", AnthropicIdentifiers.Clean(request.ToolChoice!.Name));
        if (onlyOne && mode != ToolChoiceMode.None)
            writer.WriteBoolean("disable_parallel_tool_use", true);
        writer.WriteEndObject();
    }

    private void WriteOther(ToolChoice choice, bool onlyOne)
    {
        if (context.SameProtocol)
        {
            JsonWriting.WriteJson(writer, "tool_choice", choice.Raw);
            return;
        }

        context.Dropped("tool_choice", "The provider knows no such rule for tools; the choice was left to the model.");
        if (!onlyOne)
            return;
        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", "auto");
        writer.WriteBoolean("disable_parallel_tool_use", true);
        writer.WriteEndObject();
    }
}
