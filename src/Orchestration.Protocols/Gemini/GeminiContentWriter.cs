using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes <c>systemInstruction</c> and <c>contents</c>.</summary>
internal sealed class GeminiContentWriter(Utf8JsonWriter writer, GeminiRequestTarget target, EncodingWarnings warnings, bool sameProtocol)
{
    private readonly GeminiResultWriter _results = new(writer, warnings);

    public void Write(GeminiConversation conversation)
    {
        if (conversation.Instructions.Count > 0)
        {
            writer.WriteStartObject("systemInstruction");
            writer.WriteStartArray("parts");
            foreach (var part in conversation.Instructions)
                WritePart(part);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteStartArray("contents");
        IReadOnlyList<ToolCall> open = [];
        foreach (var turn in conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.IsModel ? "model" : "user");
            writer.WriteStartArray("parts");
            if (turn.IsModel)
                WriteModelParts(turn);
            else
                WriteUserParts(turn, open);
            writer.WriteEndArray();
            writer.WriteEndObject();
            open = turn.IsModel ? [.. turn.Calls] : [];
        }

        writer.WriteEndArray();
    }

    private void WriteModelParts(GeminiTurn turn)
    {
        var isFirstCall = true;
        foreach (var part in turn.Parts)
        {
            if (part.Part.ContentCase != Part.ContentOneofCase.ToolCall)
            {
                WritePart(part);
                continue;
            }

            // Only the first call of a step is signed by the model, and only that one is checked.
            var needsStandIn = isFirstCall && target.Rule.SignedCalls && part.Signature.Length == 0;
            WriteCall(part, needsStandIn ? ThoughtSignatures.Foreign : part.Signature);
            isFirstCall = false;
        }
    }

    private void WriteUserParts(GeminiTurn turn, IReadOnlyList<ToolCall> open)
    {
        _results.Write(turn.Results, open);
        foreach (var result in turn.Results)
        {
            foreach (var media in result.Part.ToolResult.Parts.Where(inner => GeminiMedia.Of(inner) is not null))
                WritePart(result with { Part = media });
        }

        foreach (var part in turn.Parts)
            WritePart(part);
    }

    private void WriteCall(TurnPart part, string signature)
    {
        var call = part.Part.ToolCall;
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall");
        if (call.Id.Length > 0)
            writer.WriteString("id", call.Id);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("args");
        if (!JsonObjects.TryWrite(writer, call.Arguments))
        {
            if (call.Arguments.AsSpan().Trim().Length > 0)
                warnings.Changed($"messages[{part.MessageIndex}].tool_calls", "Arguments that are no JSON object were wrapped in one.");
            WriteWrapped("arguments", call.Arguments);
        }

        writer.WriteEndObject();
        WriteSignature(signature);
        writer.WriteEndObject();
    }

    private void WriteWrapped(string name, string text)
    {
        writer.WriteStartObject();
        if (text.AsSpan().Trim().Length > 0)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }

    private void WritePart(TurnPart turnPart)
    {
        var part = turnPart.Part;
        if (part.ContentCase == Part.ContentOneofCase.None)
        {
            ExtraMembers.WriteUntrusted(writer, part.Extensions);
            return;
        }

        writer.WriteStartObject();
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text:
                writer.WriteString("text", part.Text.Text_);
                break;
            case Part.ContentOneofCase.Refusal:
                writer.WriteString("text", part.Refusal.Text);
                break;
            case Part.ContentOneofCase.Reasoning:
                writer.WriteString("text", part.Reasoning.Text);
                writer.WriteBoolean("thought", true);
                break;
            default:
                WriteMedia(turnPart);
                break;
        }

        WriteSignature(turnPart.Signature);
        if (sameProtocol)
            ExtraMembers.Parse(part.Extensions).Write(writer, "text", "thought", "thoughtSignature", "inlineData", "fileData", "extra_content");
        writer.WriteEndObject();
    }

    private void WriteMedia(TurnPart turnPart)
    {
        if (GeminiMedia.Of(turnPart.Part) is not { } media)
            return;

        var param = $"messages[{turnPart.MessageIndex}]";
        if (turnPart.Part.Image is { Detail: not ("" or "auto") })
            warnings.Dropped(param + ".detail", "The provider does not take 'detail'.");
        if (turnPart.Part.File is { FileName.Length: > 0 })
            warnings.Dropped(param + ".filename", "The provider does not take names of files.");

        var isInline = media.FileUri.Length == 0;
        writer.WriteStartObject(isInline ? "inlineData" : "fileData");
        if (media.MediaType.Length > 0)
            writer.WriteString("mimeType", media.MediaType);
        writer.WriteString(isInline ? "data" : "fileUri", isInline ? media.Base64 : media.FileUri);
        writer.WriteEndObject();
    }

    private void WriteSignature(string signature)
    {
        if (signature.Length > 0)
            writer.WriteString("thoughtSignature", signature);
    }
}
