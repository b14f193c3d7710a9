using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Ollama;

/// <summary>Writes the conversation of an <c>/api/chat</c> request: one text per message, pictures beside it.</summary>
internal sealed class OllamaMessageWriter(Utf8JsonWriter writer, EncodingWarnings warnings)
{
    private const string ToolErrorMark = "[tool error] ";

    // The server finds the tool of a result by its name; ids repeat in some conversations, so the last call wins.
    private readonly Dictionary<string, string> _toolNames = [];

    public void WriteAll(RepeatedField<Message> messages)
    {
        writer.WriteStartArray("messages");
        for (var i = 0; i < messages.Count; i++)
            Write(messages[i], i);
        writer.WriteEndArray();
    }

    private void Write(Message message, int index)
    {
        if (message.Name.Length > 0 && message.Role is Role.User or Role.Assistant)
            warnings.Dropped($"messages[{index}].name", "The provider does not take names of participants.");
        var hasOthers = message.Parts.Count == 0;
        foreach (var part in message.Parts)
        {
            if (part.ContentCase == Part.ContentOneofCase.ToolResult)
                WriteResult(part.ToolResult, index);
            else
                hasOthers = true;
        }

        if (!hasOthers)
            return;
        writer.WriteStartObject();
        writer.WriteString("role", message.Role switch
        {
            Role.User => "user",
            Role.Assistant => "assistant",
            Role.Tool => "tool",
            _ => "system",
        });
        WriteContent(message.Parts, "", index);
        WriteThinking(message, index);
        WriteCalls(message, index);
        writer.WriteEndObject();
    }

    private void WriteResult(ToolResult result, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        WriteContent(result.Parts, result.IsError ? ToolErrorMark : "", index);
        if (_toolNames.TryGetValue(result.ToolCallId, out var name))
            writer.WriteString("tool_name", name);
        if (result.ToolCallId.Length > 0)
            writer.WriteString("tool_call_id", result.ToolCallId);
        writer.WriteEndObject();
    }

    private void WriteContent(IReadOnlyCollection<Part> parts, string mark, int index)
    {
        writer.WriteString("content", mark + string.Concat(parts.Select(part => part.ContentCase switch
        {
            Part.ContentOneofCase.Text => part.Text.Text_,
            Part.ContentOneofCase.Refusal => part.Refusal.Text,
            _ => "",
        })));

        var images = new List<string>();
        foreach (var part in parts)
        {
            if (part.ContentCase == Part.ContentOneofCase.Image && Base64Of(part.Image) is { } data)
                images.Add(data);
            else if (part.ContentCase == Part.ContentOneofCase.Image)
                warnings.Refuse($"messages[{index}]", "The provider takes pictures by value only.");
            else if (part.ContentCase is Part.ContentOneofCase.File or Part.ContentOneofCase.Audio)
                warnings.Refuse($"messages[{index}]", "The provider takes text and pictures only.");
            else if (part.ContentCase == Part.ContentOneofCase.None)
                warnings.Dropped($"messages[{index}]", "A part that the provider's protocol does not know was not sent.");
        }

        if (images.Count == 0)
            return;
        writer.WriteStartArray("images");
        images.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }

    private static string? Base64Of(Image image) => image.SourceCase == Image.SourceOneofCase.Data
        ? Convert.ToBase64String(image.Data.Span)
        : DataUri.Parse(image.Url)?.Base64;

    private void WriteThinking(Message message, int index)
    {
        var reasoning = message.Parts.Where(part => part.ContentCase == Part.ContentOneofCase.Reasoning).Select(part => part.Reasoning).ToList();
        var text = string.Concat(reasoning.Select(part => part.Text));
        if (text.Length > 0)
            writer.WriteString("thinking", text);
        if (reasoning.Exists(part => part.Signature.Length + part.Redacted.Length > 0))
            warnings.Dropped($"messages[{index}]", "The signature of earlier reasoning was not sent: it is worth nothing to this provider.");
    }

    private void WriteCalls(Message message, int index)
    {
        var calls = message.Parts.Where(part => part.ContentCase == Part.ContentOneofCase.ToolCall).Select(part => part.ToolCall).ToList();
        if (calls.Count == 0)
            return;

        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            _toolNames[call.Id] = call.Name;
            writer.WriteStartObject();
            if (call.Id.Length > 0)
                writer.WriteString("id", call.Id);
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("arguments");
            WriteArguments(call, index);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteArguments(ToolCall call, int index)
    {
        if (JsonObjects.TryWrite(writer, call.Arguments))
            return;
        writer.WriteStartObject();
        if (call.Arguments.AsSpan().Trim().Length > 0)
        {
            warnings.Changed($"messages[{index}].tool_calls", "Arguments that are no JSON object were wrapped in one.");
            writer.WriteString("arguments", call.Arguments);
        }

        writer.WriteEndObject();
    }
}
