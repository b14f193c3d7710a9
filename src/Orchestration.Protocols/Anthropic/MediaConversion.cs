using System.Text;
using Orchestration.Contracts.Chat.V1;
using File = Orchestration.Contracts.Chat.V1.File;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Pictures and documents as the protocol takes them.</summary>
internal static class MediaConversion
{
    /// <summary>The picture as a block; null when it was refused.</summary>
    public static Block? Convert(Image image, EncodingContext context, string path)
    {
        if (image.Detail is not ("" or "auto"))
            context.Dropped(path, "The provider takes no 'detail' for images.");
        if (image.SourceCase == Image.SourceOneofCase.Data)
            return Picture(image.MediaType, System.Convert.ToBase64String(image.Data.Span), context, path);
        if (IsAddress(image.Url))
            return new Block.Media("image", new MediaSource("url", image.Url), "");
        if (DataUri.Parse(image.Url) is { IsBase64: true } data)
            return Picture(data.MediaType, data.Base64, context, path);

        context.Refuse(path, "An image must be an https address or a base64 data URI.");
        return null;
    }

    /// <summary>The document as a block; null when it was refused.</summary>
    public static Block? Convert(File file, EncodingContext context, string path)
    {
        if (Source(file, context) is { } source)
            return source.MediaType.StartsWith("image/", StringComparison.Ordinal) && source.Type == "base64"
                ? Picture(source.MediaType, source.Value, context, path)
                : new Block.Media("document", source, file.FileName);

        context.Refuse(path, "The provider takes documents as PDF or plain text, by https address or by value.");
        return null;
    }

    private static MediaSource? Source(File file, EncodingContext context)
    {
        switch (file.SourceCase)
        {
            case File.SourceOneofCase.FileId:
                return context.SameProtocol ? new MediaSource("file", file.FileId) : null;
            case File.SourceOneofCase.Data:
                return Inline(file.MediaType, System.Convert.ToBase64String(file.Data.Span));
            case File.SourceOneofCase.Url when IsAddress(file.Url):
                return new MediaSource("url", file.Url);
            case File.SourceOneofCase.Url when DataUri.Parse(file.Url) is { } data:
                // What is written in plain is text, whatever type it claims.
                return Inline(data.IsBase64 ? data.MediaType : "text/plain", data.Base64);
            case File.SourceOneofCase.Url when !file.Url.Contains(':', StringComparison.Ordinal):
                return Inline(file.MediaType.Length > 0 ? file.MediaType : "application/pdf", file.Url);
            default:
                return null;
        }
    }

    private static MediaSource? Inline(string mediaType, string base64)
    {
        if (mediaType == "application/pdf" || mediaType.StartsWith("image/", StringComparison.Ordinal))
            return new MediaSource("base64", base64, mediaType);
        if (!mediaType.StartsWith("text/", StringComparison.Ordinal))
            return null;

        var bytes = new byte[base64.Length];
        return System.Convert.TryFromBase64String(base64, bytes, out var length)
            ? new MediaSource("text", Encoding.UTF8.GetString(bytes, 0, length), "text/plain")
            : null;
    }

    private static Block.Media? Picture(string mediaType, string base64, EncodingContext context, string path)
    {
        var type = mediaType == "image/jpg" ? "image/jpeg" : mediaType;
        if (type is "image/jpeg" or "image/png" or "image/gif" or "image/webp")
            return new Block.Media("image", new MediaSource("base64", base64, type), "");

        context.Refuse(path, "The provider takes images as JPEG, PNG, GIF or WebP.");
        return null;
    }

    private static bool IsAddress(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
