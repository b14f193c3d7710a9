namespace Orchestration.Indexing.Ingestion;

/// <summary>A piece of a document: characters [Start, End) of its text.</summary>
internal readonly record struct TextChunk(int Start, int End);

/// <summary>
/// Cuts text at the last paragraph, line or sentence end that fits, in Latin and Chinese script. Offsets are exact and the
/// pieces follow each other without overlap; only white space between them is left out.
/// </summary>
internal static class TextChunker
{
    public static List<TextChunk> Split(string text, int maxCharacters)
    {
        var chunks = new List<TextChunk>();
        var start = SkipWhiteSpace(text, 0);
        while (start < text.Length)
        {
            var end = text.Length - start <= maxCharacters ? text.Length : CutBefore(text, start, start + maxCharacters);
            var trimmed = end;
            while (trimmed > start && char.IsWhiteSpace(text[trimmed - 1]))
                trimmed--;

            chunks.Add(new TextChunk(start, trimmed));
            start = SkipWhiteSpace(text, end);
        }

        return chunks;
    }

    private static int CutBefore(string text, int start, int limit)
    {
        var earliest = start + ((limit - start) / 3);
        foreach (var boundary in (ReadOnlySpan<Func<string, int, bool>>)[IsParagraphEnd, IsLineEnd, IsSentenceEnd, IsWordEnd])
            for (var i = limit; i > earliest; i--)
                if (boundary(text, i))
                    return i;

        return char.IsLowSurrogate(text[limit]) ? limit - 1 : limit;
    }

    private static bool IsParagraphEnd(string text, int i) => text[i - 1] == '\n' && i >= 2 && text[i - 2] is '\n' or '\r';

    private static bool IsLineEnd(string text, int i) => text[i - 1] == '\n';

    private static bool IsSentenceEnd(string text, int i) =>
        text[i - 1] is '。' or '！' or '？' or '；' || (text[i - 1] is '.' or '!' or '?' && char.IsWhiteSpace(text[i]));

    private static bool IsWordEnd(string text, int i) => char.IsWhiteSpace(text[i]);

    private static int SkipWhiteSpace(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
            i++;

        return i;
    }
}
