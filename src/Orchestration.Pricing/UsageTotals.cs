using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>Sums over the disjoint classes of a usage.</summary>
public static class UsageTotals
{
    /// <summary>All tokens of the prompt: what input tiers are chosen by.</summary>
    public static long TotalInput(this Usage usage) => checked(
        usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.CacheWrite1HTokens + usage.AudioInputTokens);

    /// <summary>All tokens of the answer, reasoning included: what output tiers are chosen by.</summary>
    public static long TotalOutput(this Usage usage) =>
        checked(usage.OutputTokens + usage.ReasoningTokens + usage.AudioOutputTokens);
}
