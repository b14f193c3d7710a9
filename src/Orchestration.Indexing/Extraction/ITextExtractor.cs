namespace Orchestration.Indexing.Extraction;

/// <summary>Reads files of one format.</summary>
internal interface ITextExtractor
{
    /// <summary>Puts what the file says into the sink. Any exception means that the file cannot be read.</summary>
    /// <exception cref="ExtractionException">The file cannot be read, and this is why.</exception>
    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink);
}
