namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// An answer as it is compared with another. Two answers agree when they are equal but for case, spaces and punctuation, or when they are in one
/// script, begin with the same yes or no, hold the same numbers, and share most of their words in the same order. Where that is not sure they
/// do not agree: a good hit that is counted as a false one only raises the threshold.
/// </summary>
internal sealed class AnswerGist
{
    /// <summary>Longest beginning of an answer that is compared and kept for it.</summary>
    public const int Longest = 4_000;

    private const float Alike = 0.6f;

    private static readonly string[] Assents = ["yes", "sure", "certainly", "correct", "可以", "能", "是的", "对", "有", "会"];
    private static readonly string[] Denials = ["no", "not", "unfortunately", "sorry", "不", "没", "无法", "抱歉", "很抱歉", "未"];

    private readonly string _normal;
    private readonly Lazy<Details> _details;

    public AnswerGist(string text)
    {
        Text = text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
        var units = QuestionText.Split(Text.ToLowerInvariant());
        _normal = string.Join(' ', units);
        _details = new Lazy<Details>(() => Read(Text, units));
    }

    public string Text { get; }

    public bool AgreesWith(AnswerGist other)
    {
        if (_normal == other._normal)
            return true;
        var (mine, theirs) = (_details.Value, other._details.Value);
        return mine.Script == theirs.Script
            && mine.Lead == theirs.Lead
            && mine.Numbers.SequenceEqual(theirs.Numbers, StringComparer.Ordinal)
            && TermStatistics.None.Cosine(mine.Terms, theirs.Terms) >= Alike;
    }

    private static Details Read(string text, List<string> units)
    {
        var signs = QuestionSignReader.Read(WithoutOrdinals(text));
        var terms = units.Select(unit => TermHash.Of('w', unit)).Concat(units.Zip(units.Skip(1), (left, right) => TermHash.Of('p', left, right)));
        return new Details(signs.Script, [.. signs.Numbers.Distinct(StringComparer.Ordinal)], LeadOf(units), [.. terms]);
    }

    // "1." at the head of a line counts steps and tells nothing.
    private static string WithoutOrdinals(string text) => string.Join('\n', text.Split('\n').Select(line =>
    {
        var trimmed = line.TrimStart(' ', '*', '#', '-');
        var digits = trimmed.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits is 1 or 2 && trimmed[digits] is '.' or ')' or '、' ? trimmed[(digits + 1)..] : trimmed;
    }));

    private static int LeadOf(List<string> units)
    {
        var start = string.Concat(units.Take(2));
        return Begins(start, units, Denials) ? -1 : Begins(start, units, Assents) ? 1 : 0;
    }

    private static bool Begins(string start, List<string> units, string[] words) =>
        units.Count > 0 && Array.Exists(words, word => char.IsAscii(word[0]) ? units[0] == word : start.StartsWith(word, StringComparison.Ordinal));

    private sealed record Details(Script Script, IReadOnlyList<string> Numbers, int Lead, HashSet<uint> Terms);
}
