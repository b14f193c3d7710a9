namespace Orchestration.Indexing.Chunking;

/// <summary>Cuts what is too long for one chunk: at lines, at ends of sentences in Latin and Chinese script, at words, and between characters last.</summary>
internal static class SentenceReader
{
    /// <summary>Pieces [Start, End) of a part of the text, in order, none of more than the tokens given.</summary>
    public static IEnumerable<(int Start, int End)> Read(string text, int start, int end, int maxTokens, bool linesOnly)
    {
        foreach (var (first, last) in Natural(text, start, end, linesOnly))
        {
            foreach (var piece in WithinBudget(text, first, last, maxTokens))
                yield return piece;
        }
    }

    private static IEnumerable<(int Start, int End)> Natural(string text, int start, int end, bool linesOnly)
    {
        var first = start;
        for (var i = start; i < end; i++)
        {
            if (text[i] != '\n' && (linesOnly || !EndsSentence(text, i, end)))
                continue;
            if (Trimmed(text, first, i + 1) is { } piece)
                yield return piece;
            first = i + 1;
        }

        if (Trimmed(text, first, end) is { } rest)
            yield return rest;
    }

    private static IEnumerable<(int Start, int End)> WithinBudget(string text, int start, int end, int maxTokens)
    {
        // No script needs less than a token for twelve characters; so a piece is measured without looking at the whole of a huge line.
        var window = maxTokens * 12;
        while (end - start > window || TokenEstimate.Of(text.AsSpan(start, end - start)) > maxTokens)
        {
            var cut = CutBefore(text, start, Math.Min(end, start + window), maxTokens);
            if (Trimmed(text, start, cut) is { } piece)
                yield return piece;
            start = cut;
        }

        if (Trimmed(text, start, end) is { } rest)
            yield return rest;
    }

    private static int CutBefore(string text, int start, int end, int maxTokens)
    {
        var (fits, tooMuch) = (1, end - start + 1);
        while (tooMuch - fits > 1)
        {
            var middle = (fits + tooMuch) / 2;
            if (TokenEstimate.Of(text.AsSpan(start, middle)) <= maxTokens)
                fits = middle;
            else
                tooMuch = middle;
        }

        var word = text.AsSpan(start, fits).LastIndexOfAny(" \t，、");
        if (word > fits / 2)
            return start + word + 1;
        var cut = start + fits;
        return cut < text.Length && char.IsLowSurrogate(text[cut]) ? fits > 1 ? cut - 1 : cut + 1 : cut;
    }

    private static bool EndsSentence(string text, int i, int end) => text[i] switch
    {
        '。' or '！' or '？' or '；' => true,
        '.' or '!' or '?' => i + 1 < end && char.IsWhiteSpace(text[i + 1]),
        _ => false,
    };

    private static (int Start, int End)? Trimmed(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return start < end ? (start, end) : null;
    }
}
