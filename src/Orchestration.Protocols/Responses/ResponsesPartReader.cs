using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Reads the content of a message or of a call's output: a string, or a list of parts.</summary>
internal sealed class ResponsesPartReader(RequestContext context)
{
    public IReadOnlyList<Part> ReadContent(JsonElement value, string member)
    {
        if (value.ValueKind == JsonValueKind.String)
            return [new Part { Text = new Text { Text_ = value.GetString() } }];
        if (value.ValueKind != JsonValueKind.Array)
        {
            context.WrongType(member, "a string or an array of parts", value);
            return [];
        }

        return [.. context.Objects(value, member, OpenAIRequestLimits.PartsPerMessage).Select(Read)];
    }

    private Part Read(JsonElement part)
    {
        var type = part.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "";
        switch (type)
        {
            case "input_text" or "output_text" or "text":
                return With(new Part { Text = new Text { Text_ = Text(part, "text", isRequired: true) } }, part, "text", "annotations", "logprobs");
            case "refusal":
                return With(new Part { Refusal = new Refusal { Text = Text(part, "refusal", isRequired: true) } }, part, "refusal");
            case "input_image":
                return With(ReadImage(part), part, "image_url", "file_id", "detail");
            case "input_file":
                return With(ReadFile(part), part, "file_id", "file_data", "file_url", "filename");
            case "input_audio":
                return ReadAudio(part);
            case "":
                context.Missing("type");
                return new Part();
            default:
                // A part of a newer kind: kept whole, for this protocol only.
                return new Part { Extensions = part.GetRawText() };
        }
    }

    private static Part With(Part part, JsonElement source, params ReadOnlySpan<string> known)
    {
        if (part.ContentCase == Part.ContentOneofCase.None)
            return part;
        var others = new JsonBag();
        foreach (var member in source.EnumerateObject())
        {
            if (member.Name != "type" && !known.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
                others.Add(member);
        }

        part.Extensions = others.ToString();
        return part;
    }

    private Part ReadImage(JsonElement part)
    {
        var url = Text(part, "image_url");
        if (url.Length > 0)
            return new Part { Image = new Image { Url = url, Detail = Text(part, "detail") } };
        if (Text(part, "file_id").Length == 0)
            context.Missing("image_url");
        return new Part { Extensions = part.GetRawText() };
    }

    private Part ReadFile(JsonElement part)
    {
        var file = new Contracts.Chat.V1.File { FileName = Text(part, "filename") };
        var url = Text(part, "file_data") is { Length: > 0 } data ? data : Text(part, "file_url");
        if (url.Length > 0)
            file.Url = url;
        else if (Text(part, "file_id") is { Length: > 0 } id)
            file.FileId = id;
        else
            context.Missing("file_data");
        return new Part { File = file };
    }

    private Part ReadAudio(JsonElement part)
    {
        if (!part.TryGetProperty("input_audio", out var audio))
            context.Missing("input_audio");
        if (audio.ValueKind == JsonValueKind.Undefined || !context.IsObject(audio, "input_audio"))
            return new Part();

        context.Enter("input_audio");
        var read = new Audio { Base64 = Text(audio, "data", isRequired: true), Format = Text(audio, "format") };
        context.Leave();
        return new Part { Audio = read };
    }

    private string Text(JsonElement part, string member, bool isRequired = false)
    {
        if (part.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null)
            return context.Text(value, member, OpenAIRequestLimits.InlineMediaCharacters);
        if (isRequired)
            context.Missing(member);
        return "";
    }
}
