using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestration.Protocols;

/// <summary>Texts of providers, made fit for clients.</summary>
internal static partial class ProviderMessages
{
    private const int MaxCharacters = 400;
    private const int TimeoutMs = 100;

    /// <summary>The text without keys, ids, addresses and control characters; null when nothing useful is left.</summary>
    public static string? Clean(string message)
    {
        var text = message.Length > 4 * MaxCharacters ? message[..(4 * MaxCharacters)] : message;
        if (text.AsSpan().TrimStart().StartsWith("<"))
            return null;

        text = ControlCharacters().Replace(text, " ");
        text = Secrets().Replace(text, "[removed]").Trim();
        if (text.Length > MaxCharacters)
            text = text[..MaxCharacters].TrimEnd('\uD800', '\uDBFF') + "…";
        return text.Length == 0 ? null : text;
    }

    /// <summary>The wait that a text asks for, such as "try again in 1.2s", "after 20 seconds"; null when it names none.</summary>
    public static TimeSpan? WaitIn(string message)
    {
        var match = Wait().Match(message.Length > 2_000 ? message[..2_000] : message);
        if (!match.Success || !double.TryParse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var number))
            return null;

        var factor = match.Groups["unit"].Value switch { "ms" => 0.001, "m" or "min" or "minutes" => 60, _ => 1d };
        return RetryHints.FromSeconds(number * factor);
    }

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\u2028\u2029]+", RegexOptions.None, TimeoutMs)]
    private static partial Regex ControlCharacters();

    [GeneratedRegex(@"https?://\S+|\b(sk|pk|ak|org|proj|req|key|Bearer)[-_ ][A-Za-z0-9*._-]{4,}|[*]{2,}[A-Za-z0-9]+|\b(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{24,}", RegexOptions.None, TimeoutMs)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"(again in|again after|retry after|retry in|wait) (?<number>[0-9]{1,9}(\.[0-9]{1,6})?) ?(?<unit>ms|seconds|second|sec|s|minutes|min|m)\b", RegexOptions.IgnoreCase, TimeoutMs)]
    private static partial Regex Wait();
}
