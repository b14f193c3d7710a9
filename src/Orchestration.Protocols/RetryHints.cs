using System.Globalization;

namespace Orchestration.Protocols;

/// <summary>What the headers of a provider's error say about trying again.</summary>
/// <param name="RetryAfter">How long to wait, 0 to 120 s; null when the headers do not say.</param>
/// <param name="ShouldRetry">The provider's own word (<c>x-should-retry</c>); null when it has none.</param>
public readonly record struct RetryHints(TimeSpan? RetryAfter, bool? ShouldRetry)
{
    /// <summary>Longest wait that a provider may ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(120);

    /// <summary>Reads the headers; pass null for those that are absent. <c>retry-after-ms</c> comes before <c>Retry-After</c>.</summary>
    public static RetryHints Parse(string? retryAfter, string? retryAfterMs, string? shouldRetry, DateTimeOffset now) =>
        new(ParseNumber(retryAfterMs, 0.001) ?? ParseNumber(retryAfter, 1) ?? ParseDate(retryAfter, now), ParseFlag(shouldRetry));

    /// <summary>Seconds as a wait; null for those that make no sense.</summary>
    internal static TimeSpan? FromSeconds(double seconds) => seconds switch
    {
        >= 0 and <= 120 => TimeSpan.FromSeconds(seconds),
        > 120 => MaxRetryAfter,
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
