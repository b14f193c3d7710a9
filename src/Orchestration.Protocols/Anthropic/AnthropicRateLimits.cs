using System.Globalization;

namespace Orchestration.Protocols.Anthropic;

/// <summary>The rate limit headers of Anthropic.</summary>
public static class AnthropicRateLimits
{
    private static readonly string[] Resources = ["requests", "tokens", "input-tokens", "output-tokens"];

    /// <summary>How long the limits that are used up take to come back; null when the headers do not say. Resets are RFC 3339 times.</summary>
    public static TimeSpan? WaitFor(Func<string, string?> header, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var resource in Resources)
        {
            if (header($"anthropic-ratelimit-{resource}-remaining")?.Trim() != "0")
                continue;
            if (!DateTimeOffset.TryParse(header($"anthropic-ratelimit-{resource}-reset"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var reset))
                continue;
            if (RetryHints.FromSeconds(Math.Max(0, (reset - now).TotalSeconds)) is { } wait && !(wait < longest))
                longest = wait;
        }

        return longest;
    }
}
