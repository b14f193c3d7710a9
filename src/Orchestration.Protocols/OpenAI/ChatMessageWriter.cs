using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes the conversation of a chat request.</summary>
internal sealed class ChatMessageWriter(Utf8JsonWriter writer, OpenAIRequestTarget target, List<Warning> warnings, bool sameProtocol)
{
    private const string ToolErrorMark = "[tool error] ";

    private readonly ContentPartWriter _parts = new(writer, target, warnings, sameProtocol);
    private readonly List<Part> _toolMedia = [];
    private bool _warnedOfNames;
    private int _prefill = -1;

    /// <summary>Why the conversation cannot be said in this protocol; null when it can.</summary>
    public Failure? Refused => _parts.Refused;

    /// <summary>Writes the conversation, after a schema that the model is told in words; empty when there is none.</summary>
    public void WriteAll(RepeatedField<Message> messages, string schema)
    {
        writer.WriteStartArray("messages");
        if (schema.Length > 0)
            WriteSchema(schema);
        _prefill = Prefill.Ends(messages) ? messages.Count - 1 : -1;
        for (var i = 0; i < messages.Count; i++)
            Write(messages[i], i);
        FlushToolMedia();
        writer.WriteEndArray();
    }

    private void WriteSchema(string schema)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "system");
        writer.WriteString("content", "Answer with one JSON object that follows this JSON schema:\n" + schema);
        writer.WriteEndObject();
    }

    private void Write(Message message, int index)
    {
        var hasOthers = message.Parts.Count == 0;
        foreach (var part in message.Parts)
        {
            if (part.ContentCase == Part.ContentOneofCase.ToolResult)
                WriteToolResult(message, part.ToolResult, index);
            else
                hasOthers = true;
        }

        if (hasOthers)
            WriteTurn(message, index);
    }

    private void WriteToolResult(Message message, ToolResult result, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteString("tool_call_id", ToolCallIds.Fit(result.ToolCallId, target.ToolCallIdLength));
        if (message.Role == Role.Tool)
            WriteName(message.Name);
        if (sameProtocol)
            _parts.WriteContent(result.Parts, message.PlainContent, result.IsError ? ToolErrorMark : "", $"messages[{index}]");
        else
            writer.WriteString("content", (result.IsError ? ToolErrorMark : "") + TextOf(result, index));
        if (message.Role == Role.Tool)
            Extra(message).Write(writer, "role", "tool_call_id", "content", "name");
        writer.WriteEndObject();
    }

    // Results of tools are text here: what else they hold is shown by the user, after the last of them.
    private string TextOf(ToolResult result, int index)
    {
        var parts = _parts.Known(result.Parts, $"messages[{index}]");
        var texts = parts.Where(part => part.ContentCase == Part.ContentOneofCase.Text).Select(part => part.Text.Text_);
        var media = parts.Where(part => part.ContentCase is Part.ContentOneofCase.Image or Part.ContentOneofCase.File or Part.ContentOneofCase.Audio).ToList();
        if (media.Count == 0)
            return string.Join('\n', texts);

        _toolMedia.AddRange(media);
        warnings.Add(new Warning { Code = "parameter_changed", Param = $"messages[{index}]", Message = "The provider takes only text as a tool's result; what else it held was sent in a message of the user." });
        return string.Join('\n', texts.Append("[The content follows in the next message.]"));
    }

    private void FlushToolMedia()
    {
        if (_toolMedia.Count == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        _parts.WriteContent([.. _toolMedia], plain: false, "", "messages");
        writer.WriteEndObject();
        _toolMedia.Clear();
    }

    private void WriteTurn(Message message, int index)
    {
        FlushToolMedia();
        writer.WriteStartObject();
        writer.WriteString("role", RoleName(message.Role));
        WriteName(message.Name);
        if (message.Role == Role.Assistant)
            WriteAssistant(message, index);
        else
            _parts.WriteContent([.. message.Parts.Where(part => part.ContentCase != Part.ContentOneofCase.ToolResult)], message.PlainContent, "", $"messages[{index}]");
        var prefillField = index == _prefill ? target.PrefillField : "";
        if (index == _prefill)
            WritePrefill(index);
        var extra = Extra(message);
        if (extra.Has(ThinkingReplay.Member) || IsSignedElsewhere(message.Extensions) || message.Parts.Any(part => IsSignedElsewhere(part.Extensions)))
            Warn(index, "Signed reasoning of another provider was not sent: it is worth nothing to this one.");
        extra.Write(writer, "role", "content", "tool_calls", "reasoning_content", target.ReasoningField, ThinkingReplay.Member, SignatureMember(message.Extensions), prefillField);
        writer.WriteEndObject();
    }

    private void WritePrefill(int index)
    {
        if (target.PrefillField.Length > 0)
            writer.WriteBoolean(target.PrefillField, true);
        else if (!sameProtocol)
            warnings.Add(new Warning { Code = "parameter_changed", Param = $"messages[{index}]", Message = "The provider may answer anew instead of going on from the assistant's last message." });
    }

    // Google's own OpenAI layer issues such signatures as well and wants them back; those name no origin.
    private static bool IsSignedElsewhere(string extensions) => ThoughtSignatures.In(extensions).Origin.Length > 0;

    private static string SignatureMember(string extensions) => IsSignedElsewhere(extensions) ? ThoughtSignatures.Member : "";

    private void WriteName(string name)
    {
        if (name.Length == 0)
            return;
        if (target.MessageNames)
            writer.WriteString("name", name);
        else if (!_warnedOfNames)
            warnings.Add(new Warning { Code = "parameter_dropped", Param = "messages[].name", Message = "The provider does not take names in messages." });
        _warnedOfNames |= !target.MessageNames;
    }

    private void WriteAssistant(Message message, int index)
    {
        WriteReasoning(message, index);
        var isList = IsList(message);
        var content = message.Parts.Where(part => IsContent(part) || (isList && part.ContentCase == Part.ContentOneofCase.Refusal)).ToList();
        if (content.Count == 0)
            writer.WriteNull("content");
        else
            _parts.WriteContent(content, message.PlainContent, "", $"messages[{index}]");

        if (!isList && message.Parts.FirstOrDefault(part => part.ContentCase == Part.ContentOneofCase.Refusal) is { } refusal)
            writer.WriteString("refusal", refusal.Refusal.Text);
        WriteToolCalls(message);
    }

    // Only a list of parts can hold a refusal part; beside plain or absent text it is a member of the message.
    private static bool IsList(Message message) => !message.PlainContent && message.Parts.Any(IsContent);

    private static bool IsContent(Part part) => part.ContentCase is not (Part.ContentOneofCase.Reasoning or Part.ContentOneofCase.Refusal
        or Part.ContentOneofCase.ToolCall or Part.ContentOneofCase.ToolResult);

    private void WriteReasoning(Message message, int index)
    {
        var reasoning = message.Parts.Where(part => part.ContentCase == Part.ContentOneofCase.Reasoning).Select(part => part.Reasoning).ToList();
        var hasText = reasoning.Exists(part => part.Text.Length > 0);
        if (!hasText && target.MissingReasoning.Length > 0 && message.Parts.Any(part => part.ContentCase == Part.ContentOneofCase.ToolCall))
        {
            writer.WriteString(target.ReasoningField, target.MissingReasoning);
            return;
        }

        if (reasoning.Count == 0)
            return;

        if (target.ReasoningField.Length > 0 && (hasText || sameProtocol))
            writer.WriteString(target.ReasoningField, string.Concat(reasoning.Select(part => part.Text)));
        else if (hasText)
            warnings.Add(ReplayedReasoning.TextDropped($"messages[{index}]", "Earlier reasoning was not sent: the provider does not take it."));
        if (reasoning.Exists(part => part.Signature.Length > 0 || part.Redacted.Length > 0))
            Warn(index, "The signature of earlier reasoning was not sent: it is worth nothing to this provider.");
    }

    private void WriteToolCalls(Message message)
    {
        var open = false;
        foreach (var part in message.Parts)
        {
            if (part.ContentCase != Part.ContentOneofCase.ToolCall)
                continue;
            if (!open)
                writer.WriteStartArray("tool_calls");
            open = true;
            WriteToolCall(part);
        }

        if (open)
            writer.WriteEndArray();
    }

    private void WriteToolCall(Part part)
    {
        var call = part.ToolCall;
        var kind = call.Kind.Length == 0 ? "function" : call.Kind;
        var extra = sameProtocol ? ExtraMembers.Parse(part.Extensions) : default;
        writer.WriteStartObject();
        writer.WriteString("id", ToolCallIds.Fit(call.Id, target.ToolCallIdLength));
        writer.WriteString("type", kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name", call.Name);
        writer.WriteString(kind == "function" ? "arguments" : "input", call.Arguments);
        extra.Nested(kind).Write(writer, "name", "arguments", "input");
        writer.WriteEndObject();
        extra.Write(writer, "id", "type", kind, SignatureMember(part.Extensions));
        writer.WriteEndObject();
    }

    private ExtraMembers Extra(Message message) => sameProtocol ? ExtraMembers.Parse(message.Extensions) : default;

    private void Warn(int index, string text) =>
        warnings.Add(new Warning { Code = "parameter_dropped", Param = $"messages[{index}]", Message = text });

    private string RoleName(Role role) => role switch
    {
        Role.Assistant => "assistant",
        Role.User => "user",
        Role.Tool => "tool",
        Role.Developer when target.DeveloperRole => "developer",
        _ => "system",
    };
}
