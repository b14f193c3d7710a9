using System.Text;
using System.Text.RegularExpressions;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Execution;

/// <summary>
/// What an operator is shown of an error page that came instead of a provider's answer: text only, at most 2 KiB, without anything that
/// looks like a key. Answers of models and JSON errors never come here, because they may repeat the prompt.
/// </summary>
internal static partial class OperatorExcerpt
{
    private const int MaxBytes = 2 * 1024;
    private const int TimeoutMs = 100;

    public static string Of(ReadOnlySpan<byte> page, Secret key)
    {
        var text = Encoding.UTF8.GetString(page[..Math.Min(page.Length, 4 * MaxBytes)]);
        try
        {
            text = Markup().Replace(text, " ");
            if (key.Reveal() is { Length: > 0 } shown) text = text.Replace(shown, "[removed]", StringComparison.Ordinal);
            text = Secrets().Replace(text, "[removed]");
            text = Blanks().Replace(text, " ").Trim();
        }
        catch (RegexMatchTimeoutException)
        {
            return "";
        }

        // A character is three bytes of UTF-8 at most, or two of them are four.
        return text.Length <= MaxBytes / 3 ? text : text[..(MaxBytes / 3)].TrimEnd('\uD800', '\uDBFF');
    }

    [GeneratedRegex(@"<(script|style)\b.{0,8000}?</\1\s*>|<[^>]{0,2000}>", RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeoutMs)]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?i:bearer|basic)\s+\S+|\b(sk|pk|ak|gsk|key|org|proj)[-_][A-Za-z0-9*._-]{4,}|\b(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{24,}|https?://\S+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}\u2028\u2029]+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Blanks();
}
