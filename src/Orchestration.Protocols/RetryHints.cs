using System.Buffers;
using System.Globalization;

namespace Orchestration.Protocols;

/// <summary>What the headers of a provider's error say about trying again.</summary>
/// <param name="RetryAfter">How long to wait, 0 to 120 s; null when the headers do not say.</param>
/// <param name="ShouldRetry">The provider's own word (<c>x-should-retry</c>); null when it has none.</param>
public readonly record struct RetryHints(TimeSpan? RetryAfter, bool? ShouldRetry)
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Longest wait that a provider may ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(120);

    /// <summary>Reads the headers; pass null for those that are absent. <c>retry-after-ms</c> comes before <c>Retry-After</c>.</summary>
    public static RetryHints Parse(string? retryAfter, string? retryAfterMs, string? shouldRetry, DateTimeOffset now) =>
        new(ParseNumber(retryAfterMs, 0.001) ?? ParseNumber(retryAfter, 1) ?? ParseDate(retryAfter, now) ?? ParseDuration(retryAfter), ParseFlag(shouldRetry));

    /// <summary>A wait such as "1m30.5s", "250ms", "2h" or plain seconds; null for anything else.</summary>
    public static TimeSpan? ParseDuration(string? text)
    {
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty || rest.Length > 32)
            return null;
        if (ParseNumber(rest.ToString(), 1) is { } seconds)
            return seconds;

        var total = 0d;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            rest = rest[digits..];
            if (UnitAt(rest) is not var (factor, length))
                return null;
            total += number * factor;
            rest = rest[length..];
        }

        return FromSeconds(total);
    }

    /// <summary>The longest wait among headers that tell when a limit is filled up again. A limit that is known not to be used up does not count.</summary>
    /// <param name="resetHeaders">Their names; each may have a sibling with "remaining" for "reset".</param>
    /// <param name="header">Gives the value of a header; null when it is absent.</param>
    public static TimeSpan? LongestReset(IReadOnlyList<string> resetHeaders, Func<string, string?> header)
    {
        TimeSpan? longest = null;
        foreach (var name in resetHeaders)
        {
            var remaining = header(name.Replace("reset", "remaining", StringComparison.OrdinalIgnoreCase));
            var isUsedUp = remaining is null || remaining.Trim() is "0" or "0.0";
            if (isUsedUp && ParseDuration(header(name)) is { } wait && (longest is null || wait > longest))
                longest = wait;
        }

        return longest;
    }

    /// <summary>Seconds as a wait; null for those that make no sense.</summary>
    internal static TimeSpan? FromSeconds(double seconds) => seconds switch
    {
        >= 0 and <= 120 => TimeSpan.FromSeconds(seconds),
        > 120 => MaxRetryAfter,
        _ => null,
    };

    private static (double Factor, int Length)? UnitAt(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (0.001, 2),
        ['h', ..] => (3600, 1),
        ['m', ..] => (60, 1),
        ['s', ..] => (1, 1),
        _ => null,
    };

    private static TimeSpan? ParseNumber(string? text, double factor)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) ? FromSeconds(number * factor) : null;
    }

    private static TimeSpan? ParseDate(string? text, DateTimeOffset now) =>
        DateTimeOffset.TryParseExact(text?.Trim(), ["r", "ddd, d MMM yyyy HH:mm:ss 'GMT'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? FromSeconds(Math.Max(0, (date - now).TotalSeconds))
            : null;

    private static bool? ParseFlag(string? text) => text?.Trim() switch
    {
        { } value when value.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        { } value when value.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };
}
