using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Metrics.Rollups;

/// <summary>
/// Text as it stands in the key of a rollup. An index holds 2,700 bytes of a key, and parts of it come from clients: what is too
/// long is cut and told apart by a hash.
/// </summary>
internal static class RollupText
{
    /// <summary>Parts keys; no text holds it.</summary>
    public const char Separator = '\u001F';

    /// <summary>Parts two names in one column; no text holds it.</summary>
    public const char Joint = '\u001E';

    private const int MaxBytes = 128;
    private const int KeptChars = 24;

    public static string Fit(string text)
    {
        if (text.AsSpan().ContainsAny(Separator, Joint))
            text = text.Replace(Separator, '\uFFFD').Replace(Joint, '\uFFFD');
        if (text.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MaxBytes)
            return text;

        var kept = text[..(char.IsHighSurrogate(text[KeptChars - 1]) ? KeptChars - 1 : KeptChars)];
        return $"{kept}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";
    }

    /// <summary>A failure's code, or "other" for text that no code of ours looks like: the number of codes is bounded.</summary>
    public static string Code(string code) =>
        code.Length is > 0 and <= 64 && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_') ? code : "other";
}
