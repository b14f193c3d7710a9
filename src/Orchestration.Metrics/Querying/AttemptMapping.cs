using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Querying;

internal static class AttemptMapping
{
    public static AttemptRecord ToRecord(LedgerAttempt row) => new()
    {
        AttemptId = row.Id.ToString("D"),
        Ordinal = row.Ordinal,
        Deployment = row.Deployment,
        Provider = row.Provider,
        Model = row.Model,
        Region = row.Region,
        Outcome = ToOutcome(row.Outcome),
        FailureCode = row.FailureCode ?? "",
        ProviderStatus = row.ProviderStatus ?? 0,
        Usage = row.FinishedEventId is null ? null : ToUsage(row),
        Cost = RecordMapping.ToMoney(row.Cost, row.CostCurrency),
        Billed = RecordMapping.ToMoney(row.Billed, row.Currency),
        StartedAt = row.StartedAt.ToTimestamp(),
        TimeToFirstToken = RecordMapping.ToDuration(row.TimeToFirstTokenMs),
        Duration = RecordMapping.ToDuration(row.DurationMs),
        Price = PriceText.Parse(row.Price),
        Simulated = row.Simulated,
    };

    /// <summary>The sum over finished attempts; only as sure as the least sure of them.</summary>
    public static Usage ToUsage(this IReadOnlyList<LedgerAttempt> attempts)
    {
        var total = new Usage { Source = UsageSource.None };
        foreach (var usage in attempts.Where(row => row.FinishedEventId is not null).Select(ToUsage))
        {
            total.Add(usage);
            total.Source = LessSure(total.Source, usage.Source);
        }

        return total;
    }

    private static UsageSource LessSure(UsageSource left, UsageSource right) =>
        left == UsageSource.None ? right
        : right == UsageSource.None ? left
        : left == UsageSource.Estimated || right == UsageSource.Estimated ? UsageSource.Estimated
        : UsageSource.Provider;

    private static Usage ToUsage(LedgerAttempt row) => new()
    {
        InputTokens = row.InputTokens ?? 0,
        CacheReadTokens = row.CacheReadTokens ?? 0,
        CacheWriteTokens = row.CacheWriteTokens ?? 0,
        CacheWrite1HTokens = row.CacheWriteOneHourTokens ?? 0,
        AudioInputTokens = row.AudioInputTokens ?? 0,
        OutputTokens = row.OutputTokens ?? 0,
        ReasoningTokens = row.ReasoningTokens ?? 0,
        AudioOutputTokens = row.AudioOutputTokens ?? 0,
        SearchUnits = row.SearchUnits ?? 0,
        Source = row.Settlement switch
        {
            "exact" => UsageSource.Provider,
            "released" => UsageSource.None,
            _ => UsageSource.Estimated,
        },
    };

    private static AttemptOutcome ToOutcome(string? outcome) => outcome switch
    {
        "succeeded" => AttemptOutcome.Succeeded,
        "failed" => AttemptOutcome.Failed,
        "broken" => AttemptOutcome.Broken,
        "cancelled" => AttemptOutcome.Cancelled,
        _ => AttemptOutcome.Unspecified,
    };
}
