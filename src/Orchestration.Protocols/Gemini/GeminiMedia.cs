using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Gemini;

/// <summary>A picture, file or recording as generateContent takes it: by value, or by an address that the provider reads itself.</summary>
/// <param name="MediaType">Media type; empty when unknown.</param>
/// <param name="Base64">The data; empty for an address.</param>
/// <param name="FileUri">The address; empty for data.</param>
internal sealed record GeminiMedia(string MediaType, string Base64, string FileUri)
{
    private const string FilesBase = "https://generativelanguage.googleapis.com/v1beta/";

    /// <summary>The media of a part; null when it can only be read by another provider.</summary>
    public static GeminiMedia? Of(Part part) => part.ContentCase switch
    {
        Part.ContentOneofCase.Image when part.Image.SourceCase == Image.SourceOneofCase.Data =>
            Inline(part.Image.MediaType, Convert.ToBase64String(part.Image.Data.Span)),
        Part.ContentOneofCase.Image => OfText(part.Image.Url, part.Image.MediaType, "image/jpeg"),
        Part.ContentOneofCase.File => Of(part.File),
        Part.ContentOneofCase.Audio when part.Audio.Base64.Length > 0 =>
            DataUri.Parse(part.Audio.Base64) is { } uri ? Inline(uri.MediaType, uri.Base64) : Inline($"audio/{(part.Audio.Format.Length > 0 ? part.Audio.Format : "wav")}", part.Audio.Base64),
        _ => null,
    };

    private static GeminiMedia? Of(Contracts.Chat.V1.File file)
    {
        var mediaType = file.MediaType.Length > 0 ? file.MediaType : MediaTypes.Of(file.FileName);
        return file.SourceCase switch
        {
            Contracts.Chat.V1.File.SourceOneofCase.Data => Inline(mediaType, Convert.ToBase64String(file.Data.Span)),
            Contracts.Chat.V1.File.SourceOneofCase.Url => OfText(file.Url, mediaType, "application/pdf"),
            Contracts.Chat.V1.File.SourceOneofCase.FileId when file.FileId.StartsWith("files/", StringComparison.Ordinal) => new GeminiMedia(mediaType, "", FilesBase + file.FileId),
            Contracts.Chat.V1.File.SourceOneofCase.FileId when IsAddress(file.FileId) => new GeminiMedia(mediaType, "", file.FileId),
            _ => null,
        };
    }

    private static GeminiMedia? OfText(string text, string mediaType, string usualType)
    {
        if (DataUri.IsDataUri(text))
            return DataUri.Parse(text) is { } uri ? Inline(uri.MediaType.Length > 0 ? uri.MediaType : mediaType, uri.Base64) : null;
        if (IsAddress(text))
            return new GeminiMedia(mediaType.Length > 0 ? mediaType : MediaTypes.Of(text), "", text);
        return text.Length > 0 ? Inline(mediaType.Length > 0 ? mediaType : usualType, text) : null;
    }

    private static GeminiMedia Inline(string mediaType, string base64) => new(mediaType.Length > 0 ? mediaType : MediaTypes.Unknown, base64, "");

    private static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("gs://", StringComparison.Ordinal);
}
