using System.Text.RegularExpressions;

namespace Orchestration.Indexing.Chunking;

/// <summary>Recognises a line that is a heading: Markdown, wiki text, and the numbered parts of Chinese documents.</summary>
internal static partial class HeadingLine
{
    private const int Longest = 200;
    private const int LongestChinese = 40;

    public static (int Level, string Title)? Read(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (text.Length is 0 or > Longest)
            return null;
        return text[0] switch
        {
            '#' => ReadMarkdown(text),
            '=' => ReadWiki(text),
            '第' when text.Length <= LongestChinese => ReadChinese(text),
            _ => null,
        };
    }

    /// <summary>The level that a line of marks gives the line above it; 0 when it is no such line.</summary>
    public static int UnderlineLevel(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (text.Length < 3)
            return 0;
        return !text.ContainsAnyExcept('=') ? 1 : !text.ContainsAnyExcept('-') ? 2 : 0;
    }

    private static (int Level, string Title)? ReadMarkdown(ReadOnlySpan<char> text)
    {
        var level = text.IndexOfAnyExcept('#');
        return level is >= 1 and <= 6 && text[level] is ' ' or '\t' ? (level, text[level..].Trim().TrimEnd('#').TrimEnd().ToString()) : null;
    }

    private static (int Level, string Title)? ReadWiki(ReadOnlySpan<char> text)
    {
        var parts = WikiHeading().Match(text.ToString());
        if (!parts.Success)
            return null;
        var level = parts.Groups["marks"].Value.AsSpan().Count('=');
        return level == parts.Groups["end"].Value.AsSpan().Count('=') ? (level, parts.Groups["title"].Value) : null;
    }

    private static (int Level, string Title)? ReadChinese(ReadOnlySpan<char> text)
    {
        var parts = ChineseHeading().Match(text.ToString());
        if (!parts.Success)
            return null;
        return (parts.Groups["part"].Value switch { "部" or "篇" or "编" => 1, "章" => 2, "节" => 3, _ => 4 }, text.ToString());
    }

    [GeneratedRegex("^(?<marks>=(?: ?=){0,5}) (?<title>[^=].*?) (?<end>=(?: ?=){0,5})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex WikiHeading();

    [GeneratedRegex("^第[〇零一二三四五六七八九十百千0-9]{1,6}(?<part>[部篇编章节条])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ChineseHeading();
}
