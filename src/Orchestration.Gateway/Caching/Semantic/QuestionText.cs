using System.Text;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>A question cut into the terms that it is compared by: words of alphabetic scripts, single characters of the others, their pairs, and letter trigrams.</summary>
internal sealed class QuestionText
{
    /// <summary>Longest question that is looked for; longer ones carry material of their own.</summary>
    public const int Longest = 2_000;

    // Words that begin alike may be forms of one word.
    private const int Stem = 4;

    private readonly Lazy<ILookup<string, string>> _stems;

    private QuestionText(string text, List<string> units, QuestionSigns signs)
    {
        Text = text;
        Units = units;
        Signs = signs;
        Words = [.. units.Select(unit => TermHash.Of('w', unit))];
        Pairs = [.. units.Zip(units.Skip(1), (left, right) => TermHash.Of('p', left, right))];
        Trigrams = TrigramsOf(units);
        _stems = new Lazy<ILookup<string, string>>(() => units.Where(unit => unit.Length >= Stem).ToLookup(unit => unit[..Stem], StringComparer.Ordinal));
    }

    public string Text { get; }

    /// <summary>Words and characters in their order, in lower case.</summary>
    public IReadOnlyList<string> Units { get; }

    public HashSet<uint> Words { get; }

    public HashSet<uint> Pairs { get; }

    public HashSet<uint> Trigrams { get; }

    public QuestionSigns Signs { get; }

    public IEnumerable<uint> Terms => Words.Concat(Pairs).Concat(Trigrams);

    /// <summary>True when it has a word, or another form of it.</summary>
    public bool HasFormOf(string unit)
    {
        if (Words.Contains(TermHash.Of('w', unit)))
            return true;
        return unit.Length >= Stem && _stems.Value[unit[..Stem]].Any(other => IsForm(unit, other));
    }

    /// <summary>Null when there is nothing to compare by, or too much.</summary>
    public static QuestionText? Read(string text)
    {
        if (text.Length > Longest)
            return null;
        var normal = text.Normalize(NormalizationForm.FormKC);
        var units = Split(normal.ToLowerInvariant());
        return units.Count == 0 ? null : new QuestionText(text, units, QuestionSignReader.Read(normal));
    }

    /// <summary>The words and characters of a text in lower case.</summary>
    public static List<string> Split(string lower)
    {
        var units = new List<string>();
        for (var start = 0; start < lower.Length;)
        {
            var end = start + 1;
            if (Scripts.IsIdeographic(lower[start]))
            {
                units.Add(lower[start..end]);
            }
            else if (char.IsLetterOrDigit(lower[start]))
            {
                while (end < lower.Length && IsInWord(lower, end))
                    end++;
                units.Add(lower[start..end].Replace("'", "", StringComparison.Ordinal));
            }

            start = end;
        }

        return units;
    }

    private static bool IsForm(string left, string right)
    {
        const int longestEnding = 4;
        var common = left.AsSpan().CommonPrefixLength(right);
        return common >= Math.Min(left.Length, right.Length) - 2 && Math.Max(left.Length, right.Length) - common <= longestEnding;
    }

    private static bool IsInWord(string text, int index) =>
        (char.IsLetterOrDigit(text[index]) && !Scripts.IsIdeographic(text[index]))
        || (text[index] is '\'' or '’' && index + 1 < text.Length && char.IsLetter(text[index + 1]) && !Scripts.IsIdeographic(text[index + 1]));

    private static HashSet<uint> TrigramsOf(List<string> units)
    {
        const int length = 3;
        var trigrams = new HashSet<uint>();
        foreach (var unit in units.Where(unit => !Scripts.IsIdeographic(unit[0])))
        {
            var framed = $" {unit} ";
            for (var i = 0; i + length <= framed.Length; i++)
                trigrams.Add(TermHash.Of('t', framed.Substring(i, length)));
        }

        for (var i = 0; i + length <= units.Count; i++)
        {
            if (Scripts.IsIdeographic(units[i][0]) && Scripts.IsIdeographic(units[i + 1][0]) && Scripts.IsIdeographic(units[i + 2][0]))
                trigrams.Add(TermHash.Of('t', units[i], units[i + 1], units[i + 2]));
        }

        return trigrams;
    }
}
