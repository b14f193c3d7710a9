namespace Orchestration.Protocols.OpenAI;

/// <summary>What the headers of a provider's error say about trying again.</summary>
/// <param name="RetryAfter">How long to wait, 0 to 120 s; null when the headers do not say.</param>
/// <param name="ShouldRetry">The provider's own word (<c>x-should-retry</c>); null when it has none.</param>
public readonly record struct RetryHints(TimeSpan? RetryAfter, bool? ShouldRetry)
{
    /// <summary>Longest wait that a provider may ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(120);

    /// <summary>Reads the headers; pass null for those that are absent.</summary>
    public static RetryHints Parse(string? retryAfter, string? retryAfterMs, string? shouldRetry, DateTimeOffset now) => throw new NotImplementedException();
}
