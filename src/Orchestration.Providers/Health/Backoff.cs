using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;

namespace Orchestration.Providers.Health;

/// <summary>How long to leave a provider alone that said it had enough.</summary>
internal static class Backoff
{
    private const int LongestSeconds = 60;
    private const int MostDoublings = 6;

    /// <summary>What the provider asks for within bounds; null when it does not say.</summary>
    public static TimeSpan? Told(Failure failure)
    {
        if (failure.RetryAfter?.ToTimeSpan() is not { } told || told <= TimeSpan.Zero) return null;
        return told < RetryHints.MaxRetryAfter ? told : RetryHints.MaxRetryAfter;
    }

    /// <summary>What the provider asks for, else a second that doubles with each earlier failure up to a minute, with jitter.</summary>
    public static TimeSpan After(Failure failure, int earlier)
    {
        var seconds = Math.Min(LongestSeconds, 1 << Math.Min(earlier, MostDoublings));
        return Told(failure) ?? TimeSpan.FromSeconds(seconds * (0.75 + Random.Shared.NextDouble() * 0.5));
    }
}
