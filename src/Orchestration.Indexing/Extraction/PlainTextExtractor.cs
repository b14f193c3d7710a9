namespace Orchestration.Indexing.Extraction;

/// <summary>Text and Markdown stay as they are: the chunker reads their marks itself.</summary>
internal sealed class PlainTextExtractor : ITextExtractor
{
    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        var text = TextDecoder.Decode(file);
        if (text.Length > limits.MaxTextCharacters)
            throw UnreadableFile.TooMuchText(limits.MaxTextCharacters);
        sink.Raw(text.ReplaceLineEndings("\n"));
    }
}
