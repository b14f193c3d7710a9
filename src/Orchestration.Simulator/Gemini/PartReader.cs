using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Gemini;

/// <summary>Reads the parts of one content into the conversation.</summary>
internal static class PartReader
{
    public static void Read(ConversationBuilder prompt, JsonElement content, string place, string role)
    {
        if (content.Member("parts") is not { ValueKind: JsonValueKind.Array } parts || parts.GetArrayLength() == 0)
            throw new WireRefusalException($"* GenerateContentRequest.{place}.parts: contents.parts must not be empty.\n");
        var text = new StringBuilder();
        var images = 0;
        var position = 0;
        foreach (var part in parts.EnumerateArray())
        {
            if (part.Text("text") is { } words)
                text.Append(words);
            else if (part.Member("inlineData") is { } data)
                text.Append(ReadData(data, $"{place}.parts[{position}]", ref images));
            else if (part.Member("fileData") is not null)
                images++;
            else if (part.Member("functionCall") is { } call)
                prompt.AddRaw(call);
            else if (part.Member("functionResponse") is { } response)
                role = ReadResponse(response, text);
            else
                throw new WireRefusalException($"* GenerateContentRequest.{place}.parts[{position}].data: required oneof field 'data' must have one initialized field\n");
            position++;
        }
        prompt.Add(role, text.ToString(), images);
    }

    private static string ReadData(JsonElement data, string place, ref int images)
    {
        if (data.Text("mimeType") is not { Length: > 0 } || data.Text("data") is not { Length: > 0 } bytes)
            throw new WireRefusalException($"* GenerateContentRequest.{place}.inline_data.mime_type: must be specified.\n");
        if (bytes.StartsWith("data:", StringComparison.Ordinal))
            throw new WireRefusalException($"Invalid value at '{place}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"{bytes[..5]}\"");
        images++;
        return "[image]";
    }

    private static string ReadResponse(JsonElement response, StringBuilder text)
    {
        if (response.Member("response") is not { ValueKind: JsonValueKind.Object } result)
            throw new WireRefusalException("Invalid value at 'contents.parts.function_response.response' (type.googleapis.com/google.protobuf.Struct)");
        text.Append(result.GetRawText());
        return "tool";
    }
}
