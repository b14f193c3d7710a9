using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal sealed class GeminiToolWriter(Utf8JsonWriter writer, GeminiRequestTarget target, EncodingWarnings warnings, bool sameProtocol)
{
    private bool _strict;

    /// <summary>Writes the tools; false when none can be sent.</summary>
    public bool WriteTools(RepeatedField<Tool> tools)
    {
        if (target.UnsupportedMembers.Contains("tools") && tools.Count > 0)
        {
            warnings.Dropped("tools", "The provider does not take 'tools'.");
            return false;
        }

        var functions = tools.Where(tool => tool.Kind is "" or "function").ToList();
        var others = new List<Tool>();
        foreach (var tool in tools.Where(tool => tool.Kind is not ("" or "function")))
        {
            if (sameProtocol)
                others.Add(tool);
            else
                warnings.Dropped("tools", $"The provider does not know tools of the kind '{tool.Kind}'.");
        }

        if (functions.Count + others.Count == 0)
            return false;

        _strict = functions.Exists(tool => tool.Strict);
        writer.WriteStartArray("tools");
        WriteFunctions(functions);
        foreach (var tool in others)
            WriteOther(tool);
        writer.WriteEndArray();
        return functions.Count > 0;
    }

    public void WriteChoice(ChatRequest request, bool hasTools, ExtraMembers extra)
    {
        var choice = request.ToolChoice;
        var mode = choice?.Mode switch
        {
            null or ToolChoiceMode.Unspecified => _strict ? "VALIDATED" : "",
            ToolChoiceMode.None => "NONE",
            ToolChoiceMode.Required or ToolChoiceMode.Named => "ANY",
            ToolChoiceMode.Other => "",
            // Only this mode holds the arguments to the schema while the model may still answer in words.
            _ => _strict ? "VALIDATED" : "AUTO",
        };
        if (choice is { Mode: ToolChoiceMode.Other } && !extra.Has("functionCallingConfig") && !WriteOwnChoice(choice.Raw))
            warnings.Dropped("tool_choice", "The provider does not know this form of 'tool_choice'.");

        var hasMode = mode.Length > 0 && hasTools;
        if (!hasMode && !extra.Members.Any())
            return;

        writer.WriteStartObject("toolConfig");
        if (hasMode)
        {
            writer.WriteStartObject("functionCallingConfig");
            writer.WriteString("mode", mode);
            if (choice is { Mode: ToolChoiceMode.Named })
                WriteAllowed([choice.Name]);
            writer.WriteEndObject();
        }

        extra.Write(writer, hasMode ? "functionCallingConfig" : "");
        writer.WriteEndObject();
    }

    private bool WriteOwnChoice(string raw)
    {
        if (!sameProtocol)
            return false;
        writer.WriteStartObject("toolConfig");
        JsonWriting.WriteJson(writer, "functionCallingConfig", raw);
        writer.WriteEndObject();
        return true;
    }

    private void WriteAllowed(IEnumerable<string> names)
    {
        writer.WriteStartArray("allowedFunctionNames");
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    private void WriteFunctions(List<Tool> functions)
    {
        if (functions.Count == 0)
            return;

        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations");
        foreach (var tool in functions)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            if (tool.Description.Length > 0)
                writer.WriteString("description", tool.Description);
            WriteParameters(tool);
            if (sameProtocol)
                ExtraMembers.Parse(tool.Extensions).Write(writer, "name", "description", "parameters", "parametersJsonSchema");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteParameters(Tool tool)
    {
        if (tool.Parameters.Length == 0 || !GeminiSchema.HasProperties(tool.Parameters))
            return;
        if (target.Rule.JsonSchema)
            JsonWriting.WriteJson(writer, "parametersJsonSchema", tool.Parameters);
        else
            GeminiSchema.Write(writer, "parameters", tool.Parameters, $"tools.{tool.Name}.parameters", warnings);
    }

    // Google's own tools, such as googleSearch, are objects with one member of their name.
    private void WriteOther(Tool tool)
    {
        var extra = ExtraMembers.Parse(tool.Extensions);
        writer.WriteStartObject();
        if (!extra.Has(tool.Kind))
        {
            writer.WriteStartObject(tool.Kind);
            writer.WriteEndObject();
        }

        extra.Write(writer);
        writer.WriteEndObject();
    }
}
