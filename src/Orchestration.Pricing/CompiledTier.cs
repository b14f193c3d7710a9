using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>A price tier with its numbers read once and its fall-backs resolved.</summary>
internal sealed record CompiledTier
{
    public required long InputAbove { get; init; }
    public required long InputUpTo { get; init; }
    public required long OutputUpTo { get; init; }
    public required bool? Thinking { get; init; }
    public required DailyWindow? Window { get; init; }
    public required string ServiceTier { get; init; }
    public required decimal Input { get; init; }
    public required decimal CacheRead { get; init; }
    public required decimal CacheWrite { get; init; }
    public required decimal CacheWrite1h { get; init; }
    public required decimal AudioInput { get; init; }
    public required decimal Output { get; init; }
    public required decimal AudioOutput { get; init; }
    public required decimal? PerSearch { get; init; }

    public required decimal DearestInput { get; init; }
    public required decimal DearestOutput { get; init; }

    /// <summary>Whether length, thinking and service tier fit; the window is asked separately.</summary>
    public bool FitsShape(long input, long output, bool thinking, string serviceTier) =>
        input > InputAbove && input <= InputUpTo && output <= OutputUpTo
        && (Thinking is null || Thinking == thinking)
        && string.Equals(ServiceTier, serviceTier, StringComparison.Ordinal);

    public decimal RateOf(TokenClass tokenClass) => tokenClass switch
    {
        TokenClass.Input => Input,
        TokenClass.CacheRead => CacheRead,
        TokenClass.CacheWrite => CacheWrite,
        TokenClass.CacheWrite1h => CacheWrite1h,
        TokenClass.AudioInput => AudioInput,
        TokenClass.Output or TokenClass.Reasoning => Output,
        TokenClass.AudioOutput => AudioOutput,
        _ => PerSearch ?? throw new InvalidPriceException("per_search", "is empty, but searches were used"),
    };

    public static long Count(Usage usage, TokenClass tokenClass) => tokenClass switch
    {
        TokenClass.Input => usage.InputTokens,
        TokenClass.CacheRead => usage.CacheReadTokens,
        TokenClass.CacheWrite => usage.CacheWriteTokens,
        TokenClass.CacheWrite1h => usage.CacheWrite1HTokens,
        TokenClass.AudioInput => usage.AudioInputTokens,
        TokenClass.Output => usage.OutputTokens,
        TokenClass.Reasoning => usage.ReasoningTokens,
        TokenClass.AudioOutput => usage.AudioOutputTokens,
        _ => usage.SearchUnits,
    };
}
