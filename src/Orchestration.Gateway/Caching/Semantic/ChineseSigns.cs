using System.Globalization;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Numbers, negation and question words of Chinese.</summary>
internal static class ChineseSigns
{
    private const string Digits = "零一二三四五六七八九";
    private const string Numerals = "零一二两三四五六七八九十百千万亿";
    private const string Measures = "天日月年周时分秒次笔元块毛角期号岁位张件条台份套斤克吨米度倍折遍";

    // In these a character of negation negates nothing, or the question asks for yes or no.
    private static readonly string[] NoNegations =
    [
        "能不能", "是不是", "有没有", "可不可以", "要不要", "会不会", "好不好", "行不行", "对不对", "需不需要", "用不用", "可否", "能否", "是否", "不好意思", "不错", "无论", "不管",
        "不仅", "不但", "非常", "别人", "特别", "分别", "区别", "级别", "类别", "性别", "识别", "未来", "没事", "没关系", "无限", "除非", "吗没", "了没有", "了没", "不过",
    ];

    // Longer ones first: what was read is not read again.
    private static readonly (string Word, QuestionKinds Kind)[] Words =
    [
        ("什么时候", QuestionKinds.Time), ("什么时间", QuestionKinds.Time), ("啥时候", QuestionKinds.Time), ("多长时间", QuestionKinds.Duration), ("多少时间", QuestionKinds.Duration),
        ("什么地方", QuestionKinds.Place), ("什么原因", QuestionKinds.Reason), ("能不能", QuestionKinds.YesOrNo), ("是不是", QuestionKinds.YesOrNo), ("有没有", QuestionKinds.YesOrNo),
        ("可不可以", QuestionKinds.YesOrNo), ("为什么", QuestionKinds.Reason), ("怎么样", QuestionKinds.Manner), ("为啥", QuestionKinds.Reason), ("为何", QuestionKinds.Reason),
        ("何时", QuestionKinds.Time), ("几时", QuestionKinds.Time), ("几点", QuestionKinds.Time), ("几号", QuestionKinds.Time), ("多久", QuestionKinds.Duration), ("几天", QuestionKinds.Duration),
        ("哪里", QuestionKinds.Place), ("哪儿", QuestionKinds.Place), ("在哪", QuestionKinds.Place), ("那里", QuestionKinds.Place), ("多少", QuestionKinds.Quantity), ("怎么", QuestionKinds.Manner),
        ("怎样", QuestionKinds.Manner), ("如何", QuestionKinds.Manner), ("什么", QuestionKinds.Thing), ("哪些", QuestionKinds.Thing), ("哪个", QuestionKinds.Thing), ("是否", QuestionKinds.YesOrNo),
        ("能否", QuestionKinds.YesOrNo), ("可否", QuestionKinds.YesOrNo), ("谁", QuestionKinds.Person), ("几", QuestionKinds.Quantity), ("咋", QuestionKinds.Manner), ("啥", QuestionKinds.Thing),
        ("吗", QuestionKinds.YesOrNo), ("么", QuestionKinds.YesOrNo),
    ];

    /// <summary>Adds "3" and ":天" for 三天, and ":天" for the digits of 3天.</summary>
    public static void ReadNumbers(string text, List<string> numbers)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && (Numerals.Contains(text[end], StringComparison.Ordinal) || char.IsAsciiDigit(text[end])))
                end++;
            if (end == start)
            {
                start++;
                continue;
            }

            var numerals = text.AsSpan(start, end - start);
            var measure = MeasureAt(text, end);
            // 一 alone is an article in most of its places.
            if (!numerals.ContainsAnyInRange('0', '9') && (measure.Length > 0 || numerals.Length > 1))
                numbers.Add(Value(numerals).ToString(CultureInfo.InvariantCulture));
            if (measure.Length > 0)
                numbers.Add(measure);
            start = end;
        }
    }

    private static string MeasureAt(string text, int index)
    {
        if (index < text.Length && text[index] == '个')
            index++;
        return index < text.Length && Measures.Contains(text[index], StringComparison.Ordinal) ? $":{text[index]}" : "";
    }

    public static int Negations(string text)
    {
        foreach (var harmless in NoNegations)
            text = text.Replace(harmless, " ", StringComparison.Ordinal);
        return text.Count(character => character is '不' or '没' or '無' or '无' or '未' or '勿' or '莫' or '甭') + (text.Contains('别', StringComparison.Ordinal) ? 1 : 0);
    }

    public static QuestionKinds Kinds(string text)
    {
        var kinds = QuestionKinds.None;
        foreach (var (word, kind) in Words)
        {
            if (!text.Contains(word, StringComparison.Ordinal))
                continue;
            kinds |= kind;
            text = text.Replace(word, " ", StringComparison.Ordinal);
        }

        return kinds;
    }

    // 三百二 is read as 302; both sides of a comparison are.
    private static long Value(ReadOnlySpan<char> numerals)
    {
        long total = 0, section = 0, digit = 0;
        foreach (var numeral in numerals)
        {
            var unit = numeral switch { '十' => 10, '百' => 100, '千' => 1_000, '万' => 10_000, '亿' => 100_000_000, _ => 0 };
            if (unit >= 10_000)
                (total, section, digit) = ((total + section + digit) * unit, 0, 0);
            else if (unit > 0)
                (section, digit) = (section + (digit == 0 ? 1 : digit) * unit, 0);
            else
                digit = numeral == '两' ? 2 : Digits.IndexOf(numeral, StringComparison.Ordinal);
        }

        return total + section + digit;
    }
}
