namespace Orchestration.Indexing.Chunking;

/// <summary>Finds the structure of a text line by line: headings, tables, fenced code, and paragraphs for all else.</summary>
internal sealed class BlockReader(string text)
{
    private readonly List<TextBlock> _blocks = [];
    private int _start = -1;
    private int _end;
    private BlockKind _kind;
    private string? _fence;

    public static List<TextBlock> Read(string text) => new BlockReader(text).Read();

    private List<TextBlock> Read()
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            Take(start, next);
            start = next;
        }

        Close();
        return _blocks;
    }

    private void Take(int start, int next)
    {
        var line = text.AsSpan(start, next - start);
        var bare = line.Trim();
        var first = start + (line.Length - line.TrimStart().Length);
        var last = first + bare.Length;
        if (_fence is not null)
            TakeCode(bare, last);
        else if (bare.IsEmpty)
            Close();
        else if (bare.StartsWith("```") || bare.StartsWith("~~~"))
            OpenCode(bare, first, last);
        else if (HeadingLine.Read(bare) is { } heading)
            AddHeading(first, last, heading.Level, heading.Title);
        else if (_start >= 0 && _kind == BlockKind.Paragraph && HeadingLine.UnderlineLevel(bare) is > 0 and var level && IsOneLine())
            TakeUnderline(last, level);
        else
            Continue(bare[0] == '|' ? BlockKind.Table : BlockKind.Paragraph, first, last);
    }

    private void Continue(BlockKind kind, int first, int last)
    {
        if (_start >= 0 && _kind != kind)
            Close();
        if (_start < 0)
            (_start, _kind) = (first, kind);
        _end = last;
    }

    private void OpenCode(ReadOnlySpan<char> bare, int first, int last)
    {
        Close();
        (_start, _end, _kind, _fence) = (first, last, BlockKind.Code, bare[..3].ToString());
    }

    // A fence that is never closed holds the rest of the text, as in every reader of Markdown.
    private void TakeCode(ReadOnlySpan<char> bare, int last)
    {
        if (!bare.IsEmpty)
            _end = last;
        if (!bare.StartsWith(_fence))
            return;
        _fence = null;
        Close();
    }

    private void TakeUnderline(int last, int level)
    {
        var (start, title) = (_start, text[_start.._end]);
        _start = -1;
        _blocks.Add(new TextBlock(BlockKind.Heading, start, last, level, title));
    }

    private void AddHeading(int first, int last, int level, string title)
    {
        Close();
        _blocks.Add(new TextBlock(BlockKind.Heading, first, last, level, title));
    }

    private bool IsOneLine() => _end - _start <= 200 && !text.AsSpan(_start, _end - _start).Contains('\n');

    private void Close()
    {
        if (_start >= 0)
            _blocks.Add(new TextBlock(_kind, _start, _end));
        _start = -1;
    }
}
