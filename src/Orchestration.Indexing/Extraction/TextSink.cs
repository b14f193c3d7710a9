using System.Text;

namespace Orchestration.Indexing.Extraction;

/// <summary>Collects the text of a file within its limit, with the marks by which the chunker knows headings, tables and code.</summary>
internal sealed class TextSink(int maxCharacters, CancellationToken cancellationToken)
{
    private readonly StringBuilder _text = new();

    /// <summary>Title that the file gives itself.</summary>
    public string Title { get; set; } = "";

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Text that has its marks already.</summary>
    public void Raw(string text) => Append(text);

    public void Heading(int level, string text)
    {
        if (OneLine(text) is { Length: > 0 } line)
            Block($"{new string('#', Math.Clamp(level, 1, 6))} {line}");
    }

    public void Paragraph(string text)
    {
        if (text.Trim() is { Length: > 0 } trimmed)
            Block(trimmed);
    }

    /// <summary>A line that stands directly below the one before, as items of a list do.</summary>
    public void Item(string text)
    {
        if (text.Trim() is { Length: > 0 } trimmed)
            Line($"- {trimmed}");
    }

    /// <summary>A line directly below the one before.</summary>
    public void Line(string line)
    {
        if (_text.Length > 0 && _text[^1] != '\n')
            Append("\n");
        Append(line);
    }

    public void Code(string code)
    {
        if (!string.IsNullOrWhiteSpace(code))
            Block($"```\n{code.Trim('\n', '\r')}\n```");
    }

    /// <summary>Ends a list or table, so that what follows is a block of its own.</summary>
    public void EndBlock()
    {
        if (_text.Length > 0 && !EndsWithBlankLine())
            Append(_text[^1] == '\n' ? "\n" : "\n\n");
    }

    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public override string ToString() => _text.ToString().TrimEnd();

    private void Block(string text)
    {
        EndBlock();
        Append(text);
        Append("\n\n");
    }

    private bool EndsWithBlankLine() => _text.Length >= 2 && _text[^1] == '\n' && _text[^2] == '\n';

    private void Append(string text)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (text.Length > maxCharacters - _text.Length)
            throw UnreadableFile.TooMuchText(maxCharacters);
        _text.Append(text);
    }
}
