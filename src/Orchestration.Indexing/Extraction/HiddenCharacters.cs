using System.Text;

namespace Orchestration.Indexing.Extraction;

/// <summary>
/// Takes out characters that no reader sees and a model does: they carry instructions past whoever checked a document. What scripts
/// and emoji need to be written stays: a single joiner or variation selector behind a visible character that is not ASCII.
/// </summary>
internal static class HiddenCharacters
{
    public static string Strip(string text)
    {
        var first = IndexOfHidden(text);
        if (first < 0)
            return text;

        var kept = new StringBuilder(text.Length).Append(text, 0, first);
        var previous = first == 0 ? default : LastRune(text.AsSpan(0, first));
        foreach (var rune in text.AsSpan(first).EnumerateRunes())
        {
            if (IsHidden(rune.Value) || (IsMark(rune.Value) && (previous.Value < 0x80 || IsMark(previous.Value))))
                continue;
            kept.Append(rune);
            previous = rune;
        }

        return kept.ToString();
    }

    private static int IndexOfHidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            // Surrogates of tags and of rare selectors begin with this one.
            if (IsHidden(character) || IsMark(character) || character == '\uDB40')
                return i;
        }

        return -1;
    }

    private static Rune LastRune(ReadOnlySpan<char> text)
    {
        Rune.DecodeLastFromUtf16(text, out var rune, out _);
        return rune;
    }

    private static bool IsMark(int rune) => rune is 0x200C or 0x200D or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsHidden(int rune) => rune is
        (< 0x20 and not '\t' and not '\n' and not '\r') or (>= 0x7F and <= 0x9F and not 0x85)
        or 0xAD or 0x34F or 0x61C or 0x180E or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
        or 0x3164 or 0x115F or 0x1160 or 0xFEFF or 0xFFA0 or (>= 0xFFF9 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE00FF) or (>= 0x1D173 and <= 0x1D17A);
}
