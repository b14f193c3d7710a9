using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Orchestration.Indexing.Extraction;

/// <summary>Tells what a file is by its content; its name and media type only choose between kinds of text.</summary>
internal static class FormatDetection
{
    private const int MarkWithin = 1_024;

    /// <exception cref="ExtractionException">It is nothing that can be read.</exception>
    public static SourceFormat Detect(SourceFile file)
    {
        ReadOnlySpan<byte> bytes = file.Bytes;
        if (bytes.IsEmpty)
            throw UnreadableFile.Empty();
        if (bytes[..Math.Min(bytes.Length, MarkWithin)].IndexOf("%PDF-"u8) >= 0)
            return SourceFormat.Pdf;
        return bytes switch
        {
            [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => SourceFormat.Office,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => throw UnreadableFile.OldOffice(),
            [0x1F, 0x8B, ..] or [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] or [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] or [(byte)'B', (byte)'Z', (byte)'h', ..] =>
                throw UnreadableFile.Unsupported("The file is a packed archive."),
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] =>
                throw UnreadableFile.Unsupported("The file is an image."),
            [(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f', ..] => throw UnreadableFile.Unsupported("The file is in Rich Text Format."),
            _ => KindOfText(file),
        };
    }

    private static SourceFormat KindOfText(SourceFile file)
    {
        var text = TextDecoder.Decode(file);
        var start = text.AsSpan(0, Math.Min(text.Length, MarkWithin)).TrimStart();
        var said = Said(file);
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || (said == SourceFormat.Html && start.Contains('<')) || (start.StartsWith("<?xml") && start.Contains("<html", StringComparison.OrdinalIgnoreCase)))
            return SourceFormat.Html;
        if (said == SourceFormat.Json || (said is null && start is ['{' or '[', ..] && IsJson(text)))
            return SourceFormat.Json;
        return said is SourceFormat.Csv or SourceFormat.Markdown ? said.Value : SourceFormat.PlainText;
    }

    private static SourceFormat? Said(SourceFile file)
    {
        var type = MediaTypeHeaderValue.TryParse(file.MediaType, out var parsed) ? parsed.MediaType.ToString() : "";
        return type.ToLowerInvariant() switch
        {
            "text/html" or "application/xhtml+xml" => SourceFormat.Html,
            "text/csv" or "text/tab-separated-values" or "application/csv" => SourceFormat.Csv,
            "text/markdown" or "text/x-markdown" => SourceFormat.Markdown,
            "application/json" or "application/x-ndjson" or "application/jsonl" or "text/json" => SourceFormat.Json,
            _ => ByName(Path.GetExtension(file.Name)),
        };
    }

    private static SourceFormat? ByName(string extension) => extension.ToLowerInvariant() switch
    {
        ".html" or ".htm" or ".xhtml" => SourceFormat.Html,
        ".csv" or ".tsv" => SourceFormat.Csv,
        ".md" or ".markdown" => SourceFormat.Markdown,
        ".json" or ".jsonl" or ".ndjson" => SourceFormat.Json,
        _ => null,
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
