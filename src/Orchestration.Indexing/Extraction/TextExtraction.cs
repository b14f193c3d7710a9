using Microsoft.Extensions.Options;

namespace Orchestration.Indexing.Extraction;

/// <summary>Makes text of files: simple formats here, those whose readers a file could harm in a process of their own.</summary>
internal sealed class TextExtraction(ReaderProcess reader, IOptions<ExtractionOptions> options)
{
    /// <exception cref="IOException">The file could not be read now; another try may.</exception>
    public async Task<ExtractionResult> ExtractAsync(SourceFile file, CancellationToken cancellationToken)
    {
        if (file.Bytes.Length > options.Value.MaxFileBytes)
            return FileReading.Unreadable(UnreadableFile.TooLarge(options.Value.MaxFileBytes));

        SourceFormat format;
        try
        {
            format = FormatDetection.Detect(file);
        }
        catch (ExtractionException exception)
        {
            return FileReading.Unreadable(exception);
        }

        return format is SourceFormat.Html or SourceFormat.Pdf or SourceFormat.Office
            ? await reader.ReadAsync(file, format, cancellationToken)
            : FileReading.Read(file, format, options.Value, cancellationToken);
    }
}
