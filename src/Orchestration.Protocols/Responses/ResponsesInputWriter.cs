using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Gemini;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes the conversation: <c>instructions</c> and the items of <c>input</c>.</summary>
internal sealed class ResponsesInputWriter(Utf8JsonWriter writer, ResponsesRequestTarget target, EncodingWarnings warnings, bool sameProtocol)
{
    private const string ToolErrorMark = "[tool error] ";

    private readonly ResponsesContentWriter _content = new(writer, warnings, sameProtocol);
    private readonly ReasoningReplay _reasoning = new(writer, target.Origin, warnings);
    private readonly HashSet<string> _customCalls = [];
    private bool _warnedOfNames;

    public void Write(RepeatedField<Message> messages)
    {
        var first = 0;
        // Items must not be empty, so that instructions alone become one.
        if (messages.Count > 1 && IsInstruction(messages[0]))
        {
            first = 1;
            WarnOfName(messages[0]);
            writer.WriteString("instructions", ResponsesContentWriter.Joined(messages[0].Parts, messages[0].PlainContent));
        }

        writer.WriteStartArray("input");
        for (var i = first; i < messages.Count; i++)
            Write(messages[i], $"messages[{i}]");
        writer.WriteEndArray();
    }

    private static bool IsInstruction(Message message) => message.Role is Role.System or Role.Developer && message.Parts.Count > 0
        && message.Parts.All(part => part.ContentCase == Part.ContentOneofCase.Text);

    private void Write(Message message, string path)
    {
        WarnOfName(message);
        var brought = message.Role == Role.Assistant ? ReasoningReplay.In(message.Extensions) : null;
        foreach (var reasoning in brought ?? [])
            _reasoning.Write(reasoning, path);
        if (IsSignedElsewhere(message))
            warnings.Dropped(path, "Signed reasoning of another provider was not sent: it is worth nothing to this one.");

        var content = new List<Part>();
        foreach (var part in message.Parts)
        {
            if (part.ContentCase is not (Part.ContentOneofCase.ToolCall or Part.ContentOneofCase.ToolResult or Part.ContentOneofCase.Reasoning))
            {
                content.Add(part);
                continue;
            }

            Flush(message, content, path);
            if (part.ContentCase == Part.ContentOneofCase.ToolCall)
                WriteCall(part.ToolCall);
            else if (part.ContentCase == Part.ContentOneofCase.ToolResult)
                WriteResult(part.ToolResult, message.PlainContent, path);
            else if (brought is null)
                _reasoning.Write(part.Reasoning, path);
        }

        if (message.Parts.Count == 0 && message.Role == Role.User)
            content.Add(new Part { Text = new Text() });
        Flush(message, content, path);
    }

    private static bool IsSignedElsewhere(Message message) =>
        ThoughtSignatures.In(message.Extensions).Origin.Length > 0 || message.Parts.Any(part => ThoughtSignatures.In(part.Extensions).Origin.Length > 0);

    private void Flush(Message message, List<Part> content, string path)
    {
        if (content.Count == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString("role", message.Role switch
        {
            Role.Assistant => "assistant",
            Role.Developer when target.DeveloperRole => "developer",
            Role.System or Role.Developer => "system",
            _ => "user",
        });
        _content.Write("content", content, message.Role == Role.Assistant, message.PlainContent, path);
        writer.WriteEndObject();
        content.Clear();
    }

    private void WriteCall(ToolCall call)
    {
        var isCustom = call.Kind == "custom";
        if (isCustom)
            _customCalls.Add(call.Id);
        writer.WriteStartObject();
        writer.WriteString("type", isCustom ? "custom_tool_call" : "function_call");
        writer.WriteString("call_id", call.Id);
        writer.WriteString("name", call.Name);
        writer.WriteString(isCustom ? "input" : "arguments", call.Arguments);
        writer.WriteEndObject();
    }

    private void WriteResult(ToolResult result, bool plain, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("type", _customCalls.Contains(result.ToolCallId) ? "custom_tool_call_output" : "function_call_output");
        writer.WriteString("call_id", result.ToolCallId);
        var mark = result.IsError ? ToolErrorMark : "";
        if (result.Parts.All(part => part.ContentCase == Part.ContentOneofCase.Text))
            writer.WriteString("output", mark + ResponsesContentWriter.Joined(result.Parts, plain));
        else
            _content.Write("output", mark.Length == 0 ? result.Parts : [new Part { Text = new Text { Text_ = mark } }, .. result.Parts], isAnswer: false, plain, path);
        writer.WriteEndObject();
    }

    private void WarnOfName(Message message)
    {
        if (message.Name.Length > 0 && !_warnedOfNames)
            warnings.Dropped("messages[].name", "The provider does not take names in messages.");
        _warnedOfNames |= message.Name.Length > 0;
    }
}
