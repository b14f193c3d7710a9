using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;

namespace Orchestration.Providers.Execution;

/// <summary>What a provider will bill: its own report where it gave one, else our count of what was seen, flagged.</summary>
internal static class Metering
{
    private static readonly Usage Nothing = new() { Source = UsageSource.None };

    /// <summary>The usage of an attempt that ended.</summary>
    /// <param name="failure">How it failed; null when it succeeded.</param>
    /// <param name="reached">Whether a model may have read the request.</param>
    /// <param name="seen">What was read of the answer.</param>
    public static Usage Settle(Failure? failure, bool reached, AnswerSeen seen)
    {
        if (failure is null) return Answered(seen);
        return reached && ProviderMayHaveWorked(failure, seen) ? Estimated(seen) : Nothing.Clone();
    }

    /// <summary>The usage of an answer that is complete.</summary>
    public static Usage Answered(AnswerSeen seen)
    {
        if (seen.Reported is null || seen.IsCut || IsSuspect(seen) || LacksSearchUnits(seen.Reported, seen)) return Estimated(seen);
        var usage = seen.Reported.Clone();
        usage.Source = UsageSource.Provider;
        return usage;
    }

    /// <summary>Our own count, never below what the provider has reported so far.</summary>
    public static Usage Estimated(AnswerSeen seen)
    {
        var usage = seen.Reported?.Clone() ?? new Usage();
        usage.Source = UsageSource.Estimated;
        if (usage.TotalInput() == 0) usage.InputTokens = seen.EstimatedInputTokens;
        var output = TokensOf(seen);
        var missing = output - usage.TotalOutput();
        if (missing > 0) usage.OutputTokens += missing;
        if (usage.SearchUnits == 0) usage.SearchUnits = seen.EstimatedSearchUnits;
        return usage;
    }

    /// <summary>Whether a report cannot be true: absurd in itself, or far less than the text that was seen.</summary>
    public static bool IsSuspect(AnswerSeen seen) =>
        seen.ReportSuspect
        || (seen.Reported is { } reported && reported.TotalOutput() is var told and > 0 && TokensOf(seen) is var counted and >= 64 && told * 4 < counted);

    // Where searches are billed, a report of tokens alone does not say what is billed.
    private static bool LacksSearchUnits(Usage reported, AnswerSeen seen) => seen.EstimatedSearchUnits > 0 && reported.SearchUnits == 0;

    /// <summary>Our count of the generated text, by what the provider's tokenizer was seen to do.</summary>
    public static long TokensOf(AnswerSeen seen) => seen.Tokens?.OfOutput(seen.Output) ?? TextMeasure.EstimateTokens(seen.Output, seen.Model);

    /// <summary>The usage of several calls together; estimated when one of them is.</summary>
    public static Usage Sum(IReadOnlyList<Usage> usages)
    {
        var sum = new Usage { Source = usages.All(u => u.Source == UsageSource.Provider) ? UsageSource.Provider : UsageSource.Estimated };
        foreach (var usage in usages) sum.Add(usage);
        return sum;
    }

    public static TokenCounts ToCounts(Usage usage) => new()
    {
        Input = usage.InputTokens,
        CacheRead = usage.CacheReadTokens,
        CacheWrite = usage.CacheWriteTokens,
        CacheWrite1H = usage.CacheWrite1HTokens,
        AudioInput = usage.AudioInputTokens,
        Output = usage.OutputTokens,
        Reasoning = usage.ReasoningTokens,
        AudioOutput = usage.AudioOutputTokens,
        SearchUnits = usage.SearchUnits,
    };

    public static string SettlementOf(Usage usage) => usage.Source switch
    {
        UsageSource.Provider => "exact",
        UsageSource.None => "released",
        _ => "estimated",
    };

    // What was reported is billed, whatever failed; a report of nothing beside an error says that nothing was done.
    // A gateway in front of the provider gave up waiting (408, 504, 524): the provider itself may have gone on.
    private static bool ProviderMayHaveWorked(Failure failure, AnswerSeen seen) =>
        seen.Output.Bytes > 0
        || (seen.Reported is { } reported && reported.TotalInput() + reported.TotalOutput() + reported.SearchUnits > 0)
        || (failure.ProviderStatus >= 400
            ? failure.ProviderStatus is 408 or 504 or 524
            : FailoverRule.For(failure.FailureClass).ProviderWorked);
}

/// <summary>What was read of an answer.</summary>
internal sealed record AnswerSeen
{
    /// <summary>Catalogue id of the model, for estimates.</summary>
    public required string Model { get; init; }

    public required long EstimatedInputTokens { get; init; }

    /// <summary>Search units of the request, where the provider bills those; 0 otherwise.</summary>
    public long EstimatedSearchUnits { get; init; }

    /// <summary>Usage as the provider reported it last; null when it reported none.</summary>
    public Usage? Reported { get; init; }

    public bool ReportSuspect { get; init; }

    /// <summary>True when an answer was not read to its own end, so that its report may lack what came last.</summary>
    public bool IsCut { get; init; }

    /// <summary>What was learned of the model's tokenizer; null for the estimate of its family.</summary>
    public TokenEstimates? Tokens { get; init; }

    /// <summary>Size of everything generated.</summary>
    public TextSize Output { get; init; }

    /// <summary>True when reasoning was part of the answer or was asked for.</summary>
    public bool Thinking { get; init; }

    /// <summary>The provider's service tier, which sets the price; empty for the default.</summary>
    public string ServiceTier { get; init; } = "";
}
