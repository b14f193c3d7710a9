namespace Orchestration.Contracts.Pricing.V1;

public sealed partial class Usage
{
    /// <summary>All tokens of the prompt: what input tiers are chosen by.</summary>
    /// <exception cref="OverflowException">The sum is above the range of a count.</exception>
    public long TotalInput() => checked(InputTokens + CacheReadTokens + CacheWriteTokens + CacheWrite1HTokens + AudioInputTokens);

    /// <summary>All tokens of the answer, reasoning included: what output tiers are chosen by.</summary>
    /// <exception cref="OverflowException">The sum is above the range of a count.</exception>
    public long TotalOutput() => checked(OutputTokens + ReasoningTokens + AudioOutputTokens);

    /// <summary>Adds the counts of another usage; the source stays.</summary>
    public void Add(Usage other)
    {
        InputTokens += other.InputTokens;
        CacheReadTokens += other.CacheReadTokens;
        CacheWriteTokens += other.CacheWriteTokens;
        CacheWrite1HTokens += other.CacheWrite1HTokens;
        AudioInputTokens += other.AudioInputTokens;
        OutputTokens += other.OutputTokens;
        ReasoningTokens += other.ReasoningTokens;
        AudioOutputTokens += other.AudioOutputTokens;
        SearchUnits += other.SearchUnits;
    }
}
