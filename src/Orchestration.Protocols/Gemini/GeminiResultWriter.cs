using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Writes the results of tool calls. generateContent refuses a content whose results are not as many as the calls of the
/// turn before it, and it wants the name of the tool on each.
/// </summary>
internal sealed class GeminiResultWriter(Utf8JsonWriter writer, EncodingWarnings warnings)
{
    private const string Unknown = "No result was given for this call.";

    /// <summary>Writes one response per open call, in the order of the calls; a result that answers none becomes text.</summary>
    public void Write(IReadOnlyList<TurnPart> results, IReadOnlyList<ToolCall> calls)
    {
        var left = results.ToList();
        foreach (var call in calls)
        {
            var match = left.FindIndex(result => result.Part.ToolResult.ToolCallId == call.Id);
            if (match < 0)
            {
                warnings.Changed("messages", $"The call of '{call.Name}' has no result; the provider was told so.");
                WriteResponse(call, Unknown, isError: true, hasMedia: false);
                continue;
            }

            var answer = left[match].Part.ToolResult;
            left.RemoveAt(match);
            WriteResponse(call, TextOf(answer), answer.IsError, answer.Parts.Any(part => GeminiMedia.Of(part) is not null));
        }

        foreach (var orphan in left)
            WriteOrphan(orphan);
    }

    private static string TextOf(ToolResult result) => string.Concat(result.Parts.Select(part => part.ContentCase switch
    {
        Part.ContentOneofCase.Text => part.Text.Text_,
        Part.ContentOneofCase.Refusal => part.Refusal.Text,
        _ => "",
    }));

    private void WriteResponse(ToolCall call, string text, bool isError, bool hasMedia)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse");
        if (call.Id.Length > 0)
            writer.WriteString("id", call.Id);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("response");
        if (isError || !JsonObjects.TryWrite(writer, text))
        {
            writer.WriteStartObject();
            // A result of pictures alone stands beside the response.
            if (text.Length > 0 || isError || !hasMedia)
                writer.WriteString(isError ? "error" : "result", text);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteOrphan(TurnPart orphan)
    {
        var result = orphan.Part.ToolResult;
        warnings.Changed($"messages[{orphan.MessageIndex}]", "A tool result that answers no call of the turn before it was sent as text.");
        writer.WriteStartObject();
        writer.WriteString("text", $"[tool result {result.ToolCallId}] {TextOf(result)}");
        writer.WriteEndObject();
    }
}
