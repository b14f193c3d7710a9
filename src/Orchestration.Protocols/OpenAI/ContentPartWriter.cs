using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes the content of a message as it came: as a string, or as a list of parts.</summary>
internal sealed class ContentPartWriter(Utf8JsonWriter writer, OpenAIRequestTarget target, List<Warning> warnings, bool sameProtocol)
{
    /// <summary>Why the content cannot be said in this protocol; null when it can.</summary>
    public Failure? Refused { get; private set; }

    public void WriteContent(IReadOnlyCollection<Part> parts, bool plain, string mark, string path)
    {
        parts = Known(parts, path);
        // Text-only providers refuse lists, so a single text of another protocol goes as a string.
        var asString = parts.All(part => part.ContentCase == Part.ContentOneofCase.Text) && (plain || target.FlatText || (!sameProtocol && parts.Count <= 1));
        if (asString)
        {
            writer.WriteString("content", mark + string.Join(plain ? "" : "\n", parts.Select(part => part.Text.Text_)));
            return;
        }

        writer.WriteStartArray("content");
        if (mark.Length > 0)
            WritePart(new Part { Text = new Text { Text_ = mark } }, path);
        foreach (var part in parts)
        {
            if (part.ContentCase is not (Part.ContentOneofCase.ToolResult or Part.ContentOneofCase.ToolCall or Part.ContentOneofCase.Reasoning))
                WritePart(part, path);
        }

        writer.WriteEndArray();
    }

    /// <summary>The parts without those that only their own protocol has words for.</summary>
    public IReadOnlyCollection<Part> Known(IReadOnlyCollection<Part> parts, string path)
    {
        if (sameProtocol || parts.All(part => part.ContentCase != Part.ContentOneofCase.None))
            return parts;

        foreach (var part in parts.Where(part => part.ContentCase == Part.ContentOneofCase.None))
        {
            var kind = ExtraMembers.Parse(part.Extensions).TryGet("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : "";
            if (kind is "image" or "document")
                Refuse(path, "The provider does not take this kind of image or document.");
            else
                warnings.Add(new Warning { Code = "parameter_dropped", Param = path, Message = "A part that only another protocol knows was not sent." });
        }

        return [.. parts.Where(part => part.ContentCase != Part.ContentOneofCase.None)];
    }

    private void Refuse(string path, string message) => Refused ??= RequestFailures.Invalid("unsupported_content", message, path);

    private void WritePart(Part part, string path)
    {
        if (part.ContentCase == Part.ContentOneofCase.None)
        {
            if (sameProtocol)
                ExtraMembers.WriteUntrusted(writer, part.Extensions);
            return;
        }

        var extra = sameProtocol ? ExtraMembers.Parse(part.Extensions) : default;
        var name = NameOf(part.ContentCase);
        writer.WriteStartObject();
        writer.WriteString("type", name);
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text:
                writer.WriteString(name, part.Text.Text_);
                break;
            case Part.ContentOneofCase.Refusal:
                writer.WriteString(name, part.Refusal.Text);
                break;
            default:
                writer.WriteStartObject(name);
                WriteSource(part, path);
                extra.Nested(name).Write(writer);
                writer.WriteEndObject();
                break;
        }

        extra.Write(writer, "type", name);
        writer.WriteEndObject();
    }

    private string NameOf(Part.ContentOneofCase content) => content switch
    {
        Part.ContentOneofCase.Text => "text",
        Part.ContentOneofCase.Refusal => "refusal",
        Part.ContentOneofCase.Image => "image_url",
        Part.ContentOneofCase.File => "file",
        _ => target.AudioAsUrl ? "audio_url" : "input_audio",
    };

    private void WriteSource(Part part, string path)
    {
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Image:
                writer.WriteString("url", ImageUrl(part.Image));
                if (part.Image.Detail.Length > 0)
                    writer.WriteString("detail", part.Image.Detail);
                break;
            case Part.ContentOneofCase.File:
                WriteFile(part.File, path);
                break;
            case Part.ContentOneofCase.Audio when target.AudioAsUrl:
                writer.WriteString("url", $"data:audio/{(part.Audio.Format.Length > 0 ? part.Audio.Format : "wav")};base64,{part.Audio.Base64}");
                break;
            case Part.ContentOneofCase.Audio:
                writer.WriteString("data", part.Audio.Base64);
                if (part.Audio.Format.Length > 0)
                    writer.WriteString("format", part.Audio.Format);
                break;
        }
    }

    private string ImageUrl(Image image)
    {
        if (image.SourceCase == Image.SourceOneofCase.Data)
            return target.BareBase64Images ? Convert.ToBase64String(image.Data.Span) : DataUri(image.MediaType, image.Data);

        const string Marker = ";base64,";
        var start = target.BareBase64Images && image.Url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? image.Url.IndexOf(Marker, StringComparison.OrdinalIgnoreCase)
            : -1;
        return start < 0 ? image.Url : image.Url[(start + Marker.Length)..];
    }

    private void WriteFile(Contracts.Chat.V1.File file, string path)
    {
        // Ids are worth nothing elsewhere, and this protocol takes a file's bytes, never its address.
        if (!sameProtocol && (file.SourceCase == Contracts.Chat.V1.File.SourceOneofCase.FileId || file.Url.Contains("://", StringComparison.Ordinal)))
            Refuse(path, "The provider takes files only with their content, neither by an address nor by another provider's id.");
        switch (file.SourceCase)
        {
            case Contracts.Chat.V1.File.SourceOneofCase.FileId:
                writer.WriteString("file_id", file.FileId);
                break;
            case Contracts.Chat.V1.File.SourceOneofCase.Data:
                writer.WriteString("file_data", DataUri(file.MediaType, file.Data));
                break;
            case Contracts.Chat.V1.File.SourceOneofCase.Url:
                writer.WriteString("file_data", file.Url);
                break;
        }

        if (file.FileName.Length > 0)
            writer.WriteString("filename", file.FileName);
        else if (!sameProtocol)
            writer.WriteString("filename", file.MediaType == "text/plain" ? "document.txt" : "document.pdf");
    }

    private static string DataUri(string mediaType, Google.Protobuf.ByteString data) =>
        $"data:{(mediaType.Length > 0 ? mediaType : "application/octet-stream")};base64,{Convert.ToBase64String(data.Span)}";
}
