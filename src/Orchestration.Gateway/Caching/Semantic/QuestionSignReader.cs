using System.Globalization;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Reads the signs of a question in English and Chinese.</summary>
internal static class QuestionSignReader
{
    private static readonly (char Open, char Close)[] Quotes = [('“', '”'), ('「', '」'), ('《', '》'), ('"', '"'), ('【', '】')];

    /// <param name="text">The question in compatibility form, in its own case.</param>
    public static QuestionSigns Read(string text)
    {
        var lower = text.ToLowerInvariant();
        var (numbers, names) = (new List<string>(), new List<string>());
        ReadPieces(Pieces(text), Scripts.Of(text), numbers, names);
        ChineseSigns.ReadNumbers(lower, numbers);
        ReadQuoted(lower, names);
        var words = QuestionText.Split(lower);
        return new QuestionSigns(
            Scripts.Of(text),
            [.. numbers.Order(StringComparer.Ordinal)],
            [.. names.Distinct().Order(StringComparer.Ordinal)],
            EnglishSigns.Negations(words) + ChineseSigns.Negations(lower),
            EnglishSigns.Kinds(words) | ChineseSigns.Kinds(lower));
    }

    // What stands between spaces, brackets and ideographs, with whether a sentence begins with it.
    private static List<(string Text, bool First)> Pieces(string text)
    {
        var pieces = new List<(string, bool)>();
        var first = true;
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && !Scripts.IsIdeographic(text[end]) && text[end] is not ('(' or ')' or '，' or '。' or '？' or '！' or '、' or '；'))
                end++;
            var raw = text[start..end];
            var piece = raw.Trim('.', ',', '?', '!', ';', ':', '"', '\'', '“', '”', '«', '»', '*', '-', '/', '[', ']', '{', '}', '<', '>', '~', '#');
            if (piece.Length > 0)
            {
                pieces.Add((piece, first));
                first = raw[^1] is '.' or '?' or '!' or ':' or ';';
            }

            start = end == start ? end + 1 : end;
        }

        return pieces;
    }

    private static void ReadPieces(List<(string Text, bool First)> pieces, Script script, List<string> numbers, List<string> names)
    {
        var shouts = pieces.Sum(piece => piece.Text.Count(char.IsUpper)) * 2 > pieces.Sum(piece => piece.Text.Count(char.IsLetter));
        for (var i = 0; i < pieces.Count; i++)
        {
            var (piece, first) = pieces[i];
            if (EnglishSigns.Number(piece) is { } number)
                numbers.Add(number + EnglishSigns.Unit(i + 1 < pieces.Count ? pieces[i + 1].Text : ""));
            else if (IsCode(piece) || script == Script.Han || (!shouts && IsName(piece, first)))
                names.Add(piece.ToLowerInvariant());
        }
    }

    private static bool IsCode(string piece) =>
        (piece.Any(char.IsDigit) && piece.Any(char.IsLetter)) || piece.Contains('@', StringComparison.Ordinal)
        || piece.Contains("://", StringComparison.Ordinal) || piece.Contains('_', StringComparison.Ordinal)
        || piece.StartsWith("www.", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string piece, bool first)
    {
        if (piece.Length < 2 || EnglishSigns.IsAboutMe(piece) || !char.IsLetter(piece[0]))
            return false;
        return piece.Skip(1).Any(char.IsUpper) || (!first && char.IsUpper(piece[0]));
    }

    private static void ReadQuoted(string lower, List<string> names)
    {
        foreach (var (open, close) in Quotes)
        {
            for (var start = lower.IndexOf(open, StringComparison.Ordinal); start >= 0 && start + 1 < lower.Length;)
            {
                var end = lower.IndexOf(close, start + 1);
                if (end < 0)
                    break;
                if (end > start + 1)
                    names.Add(string.Create(CultureInfo.InvariantCulture, $"“{lower.AsSpan(start + 1, end - start - 1).Trim()}”"));
                start = end + 1 < lower.Length ? lower.IndexOf(open, end + 1) : -1;
            }
        }
    }
}
