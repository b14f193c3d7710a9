using System.Collections.Frozen;

namespace Orchestration.Indexing.Extraction;

/// <summary>Reads a file here and now; whatever goes wrong is a reason.</summary>
internal static class FileReading
{
    private static readonly FrozenDictionary<SourceFormat, ITextExtractor> Extractors = new Dictionary<SourceFormat, ITextExtractor>
    {
        [SourceFormat.PlainText] = new PlainTextExtractor(),
        [SourceFormat.Markdown] = new PlainTextExtractor(),
        [SourceFormat.Html] = new HtmlExtractor(),
        [SourceFormat.Csv] = new CsvExtractor(),
        [SourceFormat.Json] = new JsonExtractor(),
        [SourceFormat.Pdf] = new PdfExtractor(),
        [SourceFormat.Office] = new OfficeExtractor(),
    }.ToFrozenDictionary();

    public static ExtractionResult Read(SourceFile file, SourceFormat format, ExtractionOptions limits, CancellationToken cancellationToken)
    {
        try
        {
            var sink = new TextSink(limits.MaxTextCharacters, cancellationToken);
            Extractors[format].Extract(file, limits, sink);
            var text = HiddenCharacters.Strip(sink.ToString());
            return string.IsNullOrWhiteSpace(text)
                ? Unreadable(UnreadableFile.NoText())
                : new ExtractionResult.Extracted(text, HiddenCharacters.Strip(sink.Title));
        }
        catch (ExtractionException exception)
        {
            return Unreadable(exception);
        }
        catch (OutOfMemoryException)
        {
            return Unreadable(UnreadableFile.TooMuchMemory());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Libraries throw what they like on files that were made to harm them.
            return Unreadable(UnreadableFile.Malformed(Name(format)));
        }
    }

    public static ExtractionResult.Unreadable Unreadable(ExtractionException exception) => new(exception.Code, exception.Message);

    private static string Name(SourceFormat format) => format switch
    {
        SourceFormat.Html => "HTML",
        SourceFormat.Csv => "CSV",
        SourceFormat.Json => "JSON",
        SourceFormat.Pdf => "PDF",
        SourceFormat.Office => "DOCX or XLSX",
        _ => "text",
    };
}
