namespace Orchestration.Indexing.Extraction;

/// <summary>
/// Takes the rows of a table, the first of which names its columns. A table of questions and answers becomes a section for each; of a
/// long table every part has the names of the columns above it, so that a chunk of it says what its cells are.
/// </summary>
internal sealed class TableSink(TextSink sink, int headingLevel)
{
    // About what fits into one chunk.
    private const int CharactersBetweenHeaders = 1_200;

    private string[]? _columns;
    private QuestionColumns? _questions;
    private int _sinceHeader;

    public void Row(IReadOnlyList<string> cells)
    {
        var row = cells.Select(TextSink.OneLine).ToArray();
        if (Array.TrueForAll(row, cell => cell.Length == 0))
            return;
        if (_columns is null)
            Begin(row);
        else if (_questions is not null)
            _questions.Write(_columns, cells, sink, headingLevel);
        else
            Write(row);
    }

    public void End()
    {
        if (_columns is not null)
            sink.EndBlock();
    }

    private void Begin(string[] columns)
    {
        _columns = columns;
        _questions = QuestionColumns.Find(columns);
        if (_questions is null)
            WriteHeader();
    }

    private void Write(string[] row)
    {
        if (_sinceHeader > CharactersBetweenHeaders)
            WriteHeader();
        var line = Line(row);
        _sinceHeader += line.Length;
        sink.Line(line);
    }

    private void WriteHeader()
    {
        sink.EndBlock();
        sink.Line(Line(_columns!));
        sink.Line("|" + string.Concat(Enumerable.Repeat(" --- |", _columns!.Length)));
        _sinceHeader = 0;
    }

    private static string Line(string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
