using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes the content of messages and tool results: what was put in and what came out have different names.</summary>
internal sealed class ResponsesContentWriter(Utf8JsonWriter writer, EncodingWarnings warnings, bool sameProtocol)
{
    /// <summary>The texts of parts that are nothing else.</summary>
    public static string Joined(IEnumerable<Part> parts, bool plain) => string.Join(plain ? "" : "\n", parts.Select(part => part.Text.Text_));

    public void Write(string member, IReadOnlyList<Part> parts, bool isAnswer, bool plain, string path)
    {
        if (!isAnswer && parts is [{ ContentCase: Part.ContentOneofCase.Text }] && (plain || !sameProtocol))
        {
            writer.WriteString(member, parts[0].Text.Text_);
            return;
        }

        writer.WriteStartArray(member);
        foreach (var part in parts)
            Write(part, isAnswer, path);
        writer.WriteEndArray();
    }

    private void Write(Part part, bool isAnswer, string path)
    {
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text:
                Begin(isAnswer ? "output_text" : "input_text");
                writer.WriteString("text", part.Text.Text_);
                break;
            case Part.ContentOneofCase.Refusal:
                Begin(isAnswer ? "refusal" : "input_text");
                writer.WriteString(isAnswer ? "refusal" : "text", part.Refusal.Text);
                break;
            case Part.ContentOneofCase.None when sameProtocol && part.Extensions.Length > 0:
                ExtraMembers.WriteUntrusted(writer, part.Extensions);
                return;
            case Part.ContentOneofCase.Image when !isAnswer:
                WriteImage(part.Image);
                break;
            case Part.ContentOneofCase.File when !isAnswer:
                WriteFile(part.File);
                break;
            case Part.ContentOneofCase.Audio when !isAnswer:
                WriteAudio(part.Audio);
                break;
            default:
                warnings.Dropped(path, "A part that the provider does not take here was not sent.");
                return;
        }

        if (sameProtocol)
            ExtraMembers.Parse(part.Extensions).Write(writer, "type", "text", "refusal", "image_url", "file_id", "file_data", "file_url", "filename", "detail", "input_audio");
        writer.WriteEndObject();
    }

    private void Begin(string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    private void WriteImage(Image image)
    {
        Begin("input_image");
        writer.WriteString("image_url", image.SourceCase == Image.SourceOneofCase.Data ? UriOf(image.MediaType, "image/png", Convert.ToBase64String(image.Data.Span)) : image.Url);
        if (image.Detail.Length > 0)
            writer.WriteString("detail", image.Detail);
    }

    private void WriteFile(Contracts.Chat.V1.File file)
    {
        Begin("input_file");
        var mediaType = file.MediaType.Length > 0 ? file.MediaType : MediaTypes.Of(file.FileName);
        switch (file.SourceCase)
        {
            case Contracts.Chat.V1.File.SourceOneofCase.FileId:
                writer.WriteString("file_id", file.FileId);
                break;
            case Contracts.Chat.V1.File.SourceOneofCase.Data:
                writer.WriteString("file_data", UriOf(mediaType, "application/pdf", Convert.ToBase64String(file.Data.Span)));
                break;
            case Contracts.Chat.V1.File.SourceOneofCase.Url when IsAddress(file.Url):
                writer.WriteString("file_url", file.Url);
                break;
            case Contracts.Chat.V1.File.SourceOneofCase.Url:
                writer.WriteString("file_data", DataUri.IsDataUri(file.Url) ? file.Url : UriOf(mediaType, "application/pdf", file.Url));
                break;
        }

        if (file.FileName.Length > 0)
            writer.WriteString("filename", file.FileName);
    }

    private void WriteAudio(Audio audio)
    {
        Begin("input_audio");
        writer.WriteStartObject("input_audio");
        writer.WriteString("data", audio.Base64);
        writer.WriteString("format", audio.Format.Length > 0 ? audio.Format : "wav");
        writer.WriteEndObject();
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static string UriOf(string mediaType, string usual, string base64) => $"data:{(mediaType.Length > 0 ? mediaType : usual)};base64,{base64}";
}
