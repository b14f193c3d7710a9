namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Writing systems, as far as they part languages that do not answer each other's questions.</summary>
internal enum Script
{
    Other,
    Latin,
    Han,
    Kana,
    Hangul,
    Cyrillic,
    Arabic,
}

internal static class Scripts
{
    // A Chinese question with English product names is Chinese.
    private const int HanShare = 5;

    /// <summary>True for characters that are written without spaces between words.</summary>
    public static bool IsIdeographic(char character) => Of(character) is Script.Han or Script.Kana;

    /// <summary>The script that a text is in.</summary>
    public static Script Of(string text)
    {
        var counts = new int[Enum.GetValues<Script>().Length];
        foreach (var character in text.Where(char.IsLetter))
            counts[(int)Of(character)]++;
        if (counts[(int)Script.Kana] > 0)
            return Script.Kana;
        if (counts[(int)Script.Han] * HanShare >= counts.Sum() && counts[(int)Script.Han] > 0)
            return Script.Han;
        return (Script)Array.IndexOf(counts, counts.Max());
    }

    private static Script Of(char character) => character switch
    {
        >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff' => Script.Han,
        >= '\u3040' and <= '\u30ff' => Script.Kana,
        >= '\uac00' and <= '\ud7af' => Script.Hangul,
        >= '\u0400' and <= '\u052f' => Script.Cyrillic,
        >= '\u0600' and <= '\u06ff' => Script.Arabic,
        _ when char.IsLetter(character) => Script.Latin,
        _ => Script.Other,
    };
}
