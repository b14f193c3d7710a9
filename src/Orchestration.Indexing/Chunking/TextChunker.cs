namespace Orchestration.Indexing.Chunking;

/// <summary>
/// Cuts a text by its structure into pieces within a token budget: whole sections, tables and code where they fit, whole paragraphs
/// before whole sentences. Pieces follow each other without overlap, and only white space between them is left out.
/// </summary>
internal sealed class TextChunker
{
    // A piece that is at least this full ends rather than have what follows cut.
    private const double FullEnough = 0.5;

    // A new section begins a piece of its own when the one before has at least this much.
    private const double WorthAPiece = 0.5;

    private readonly string _text;
    private readonly int _maxTokens;
    private readonly List<TextPiece> _pieces = [];
    private readonly HeadingPath _path = new();
    private string _headings = "";
    private int _start = -1;
    private int _end;
    private long _tokens;

    private TextChunker(string text, ChunkSettings settings) => (_text, _maxTokens) = (text, settings.MaxTokens);

    public static List<TextPiece> Split(string text, ChunkSettings settings)
    {
        var chunker = new TextChunker(text, settings);
        var blocks = BlockReader.Read(text);
        for (var i = 0; i < blocks.Count; i++)
            chunker.Add(blocks[i], i + 1 < blocks.Count ? blocks[i + 1] : null);
        chunker.Close();
        return chunker._pieces;
    }

    private void Add(TextBlock block, TextBlock? next)
    {
        if (block.Kind == BlockKind.Heading && ShouldEndBefore(block, next))
            Close();
        if (Fits(block.Start, block.End))
            Extend(block.Start, block.End, block.Level);
        else if (_tokens >= _maxTokens * FullEnough || (block.Kind != BlockKind.Paragraph && Tokens(block.Start, block.End) <= _maxTokens))
            AddToNew(block);
        else
            AddInParts(block);
        if (block.Kind == BlockKind.Heading)
            _path.Enter(block.Level, block.Title);
    }

    // A heading belongs to what follows: it never stands alone at the end of a piece.
    private bool ShouldEndBefore(TextBlock heading, TextBlock? next) =>
        _tokens >= _maxTokens * WorthAPiece || (_tokens > 0 && next is { } body && _tokens + Tokens(heading.Start, heading.End) + Least(body) > _maxTokens);

    private long Least(TextBlock body) => Math.Min(Tokens(body.Start, body.End), _maxTokens / 4);

    private void AddToNew(TextBlock block)
    {
        Close();
        if (Fits(block.Start, block.End))
            Extend(block.Start, block.End, block.Level);
        else
            AddInParts(block);
    }

    private void AddInParts(TextBlock block)
    {
        // The first part joins what is there, which may be the heading of it all.
        var budget = (int)(_maxTokens - _tokens);
        foreach (var (start, end) in SentenceReader.Read(_text, block.Start, block.End, budget, block.Kind is BlockKind.Table or BlockKind.Code))
        {
            if (!Fits(start, end))
                Close();
            Extend(start, end, block.Level);
        }
    }

    private bool Fits(int start, int end) => Tokens(_start < 0 ? start : _start, end) <= _maxTokens;

    private void Extend(int start, int end, int level)
    {
        if (_start < 0)
            (_start, _headings) = (start, _path.Above(level > 0 ? level : int.MaxValue));
        _end = end;
        _tokens = Tokens(_start, end);
    }

    private void Close()
    {
        if (_start >= 0)
            _pieces.Add(new TextPiece(_start, _end, _headings));
        (_start, _tokens) = (-1, 0);
    }

    private long Tokens(int start, int end) => TokenEstimate.Of(_text.AsSpan(start, end - start));
}
