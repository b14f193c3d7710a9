using System.Globalization;
using System.Text;

namespace Orchestration.Gateway.Grounding;

/// <summary>What two texts are compared by: words, and in scripts without spaces pairs of neighbouring characters.</summary>
internal static class LexicalTerms
{
    public static HashSet<string> Of(ReadOnlySpan<char> text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsIdeograph(rune))
            {
                Flush(word, terms);
                if (before != default)
                    terms.Add($"{before}{rune}");
                before = rune;
                continue;
            }

            before = default;
            if (Rune.IsLetterOrDigit(rune))
                word.Append(Rune.ToLower(rune, CultureInfo.InvariantCulture).ToString());
            else
                Flush(word, terms);
        }

        Flush(word, terms);
        return terms;
    }

    /// <summary>Share of the first text's terms that the second has; 0 when the first has none.</summary>
    public static double Share(HashSet<string> of, HashSet<string> within) =>
        of.Count == 0 ? 0 : of.Count(within.Contains) / (double)of.Count;

    /// <summary>True for the characters of Chinese and its neighbours, which are written without spaces.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    // A letter alone says nothing in English.
    private static void Flush(StringBuilder word, HashSet<string> terms)
    {
        if (word.Length > 1 || (word.Length == 1 && char.IsAsciiDigit(word[0])))
            terms.Add(word.ToString());
        word.Clear();
    }
}
