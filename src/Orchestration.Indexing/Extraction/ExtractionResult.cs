namespace Orchestration.Indexing.Extraction;

/// <summary>What became of a file.</summary>
internal abstract record ExtractionResult
{
    private ExtractionResult()
    {
    }

    /// <param name="Text">The text, its headings, tables and code marked as in Markdown.</param>
    /// <param name="Title">Title that the file gives itself; empty when it has none.</param>
    internal sealed record Extracted(string Text, string Title) : ExtractionResult;

    /// <param name="Code">For programs; see docs/ingestion.md.</param>
    /// <param name="Reason">For people.</param>
    internal sealed record Unreadable(string Code, string Reason) : ExtractionResult;
}
