namespace Orchestration.Indexing.Extraction;

/// <summary>What a file is, by its content.</summary>
internal enum SourceFormat
{
    PlainText,
    Markdown,
    Html,
    Csv,
    Json,
    Pdf,

    /// <summary>A ZIP archive, which may be a Word document or an Excel workbook.</summary>
    Office,
}
