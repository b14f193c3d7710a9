using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Numbers, negation and question words of English.</summary>
internal static class EnglishSigns
{
    // "one" is a pronoun more often than a number.
    private static readonly FrozenDictionary<string, int> NumberWords = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["zero"] = 0, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10,
        ["eleven"] = 11, ["twelve"] = 12, ["fifteen"] = 15, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60,
        ["hundred"] = 100, ["thousand"] = 1_000, ["million"] = 1_000_000, ["twice"] = 2, ["double"] = 2, ["couple"] = 2, ["first"] = 1, ["second"] = 2, ["third"] = 3,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Units = FrozenSet.ToFrozenSet(
        [
            "second", "minute", "hour", "day", "week", "month", "year", "dollar", "euro", "pound", "yuan", "cent", "usd", "eur", "gbp", "cny", "rmb", "kg", "g", "km", "m", "cm",
            "mm", "mile", "inch", "foot", "feet", "lb", "gb", "mb", "tb", "kb", "percent", "times", "am", "pm", "k", "h", "s", "min", "st", "nd", "rd", "th", "x",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Negatives = FrozenSet.ToFrozenSet(
        [
            "not", "no", "never", "without", "cannot", "cant", "dont", "doesnt", "didnt", "wont", "wouldnt", "couldnt", "shouldnt", "isnt", "arent", "wasnt", "werent", "hasnt",
            "havent", "hadnt", "unable", "none", "nothing", "nobody", "neither", "nor", "except", "aint", "nowhere",
        ]);

    private static readonly SearchValues<char> Signs = SearchValues.Create("$€£¥￥+-");

    private static readonly FrozenSet<string> AboutMe = FrozenSet.ToFrozenSet(["I", "I'm", "I've", "I'd", "I'll", "I’m", "I’ve", "I’d", "I’ll", "IM", "OK"]);

    public static bool IsAboutMe(string piece) => AboutMe.Contains(piece);

    /// <summary>A number with the unit that is written to it; null when the piece is none.</summary>
    public static string? Number(string piece)
    {
        if (NumberWords.TryGetValue(piece, out var word))
            return word.ToString(CultureInfo.InvariantCulture);
        var digits = piece.AsSpan().IndexOfAnyInRange('0', '9');
        if (digits < 0 || piece.AsSpan(0, digits).ContainsAnyExcept(Signs))
            return null;
        var end = digits;
        while (end < piece.Length && (char.IsAsciiDigit(piece[end]) || piece[end] is '.' or ',' or ':' or '/' or '-'))
            end++;
        var unit = piece[end..];
        if (unit.Length > 0 && unit is not ("%" or "$" or "€" or "£" or "¥" or "元") && Unit(unit).Length == 0)
            return null;
        var number = piece[digits..end].TrimEnd('.', ',', ':', '/', '-');
        var value = decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var parsed) && !number.StartsWith('0')
            ? parsed.ToString("G29", CultureInfo.InvariantCulture)
            : number;
        return value + piece[..digits].Trim('+', '-') + (Unit(unit) is { Length: > 0 } named ? named : unit);
    }

    /// <summary>A word that says of what the number before it is; empty when it does not.</summary>
    public static string Unit(string piece)
    {
        var word = piece.ToLowerInvariant();
        if (Units.Contains(word))
            return ":" + word;
        return word.EndsWith('s') && Units.Contains(word[..^1]) ? ":" + word[..^1] : "";
    }

    public static int Negations(IReadOnlyList<string> words) => words.Count(Negatives.Contains);

    public static QuestionKinds Kinds(IReadOnlyList<string> words)
    {
        var kinds = QuestionKinds.None;
        for (var i = 0; i < words.Count; i++)
            kinds |= KindOf(words[i], i + 1 < words.Count ? words[i + 1] : "", i == 0);
        return kinds;
    }

    private static QuestionKinds KindOf(string word, string next, bool first) => (word, next) switch
    {
        ("how", "much" or "many" or "often" or "old" or "big" or "large") => QuestionKinds.Quantity,
        ("how", "long" or "soon" or "quickly" or "fast") => QuestionKinds.Duration,
        ("how" or "hows", _) => QuestionKinds.Manner,
        ("what" or "which", "time" or "date" or "day" or "year") => QuestionKinds.Time,
        ("what" or "whats" or "which", _) => QuestionKinds.Thing,
        ("when" or "whens", _) => QuestionKinds.Time,
        ("where" or "wheres", _) => QuestionKinds.Place,
        ("why" or "whys", _) => QuestionKinds.Reason,
        ("who" or "whos" or "whom" or "whose", _) => QuestionKinds.Person,
        ("is" or "are" or "was" or "were" or "do" or "does" or "did" or "can" or "could" or "will" or "would" or "should" or "may" or "has" or "have", _) when first => QuestionKinds.YesOrNo,
        _ => QuestionKinds.None,
    };
}
