using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

internal static class AttemptRules
{
    public static string? Check(AttemptStarted started) =>
        Shared(started.AttemptId, started.RequestId, started.Ordinal, started.Dimensions, started.Target)
        ?? Rules.Moment("started_at", started.StartedAt)
        ?? Rules.Money("reserved", started.Reserved ?? 0m);

    public static string? Check(AttemptCompleted completed) =>
        Shared(completed.AttemptId, completed.RequestId, completed.Ordinal, completed.Dimensions, completed.Target)
        ?? Rules.OneOf("outcome", completed.Outcome, "succeeded", "failed", "broken", "cancelled")
        ?? Rules.Text("failure_code", completed.FailureCode)
        ?? Rules.Count("provider_status", completed.ProviderStatus)
        ?? Tokens(completed.Usage)
        ?? Rules.Settlement(completed.Settlement)
        ?? Rules.Money("cost", completed.Cost)
        ?? Rules.Currency("cost_currency", completed.CostCurrency)
        ?? Rules.Money("billed", completed.Billed)
        ?? Rules.Moment("started_at", completed.StartedAt)
        ?? Rules.Milliseconds("time_to_first_token_ms", completed.TimeToFirstTokenMs)
        ?? Rules.Milliseconds("duration_ms", completed.DurationMs);

    private static string? Shared(Guid attemptId, Guid requestId, int ordinal, LedgerDimensions? dimensions, AttemptTarget? target) =>
        Rules.Id("attempt_id", attemptId)
        ?? Rules.Id("request_id", requestId)
        ?? Rules.Count("ordinal", ordinal)
        ?? Rules.Dimensions(dimensions)
        ?? Target(target);

    private static string? Target(AttemptTarget? target) =>
        target is null
            ? "target: missing"
            : Rules.Text("deployment", target.Deployment)
              ?? Rules.Text("provider", target.Provider)
              ?? Rules.Text("model", target.Model)
              ?? Rules.Text("region", target.Region)
              ?? PriceText.Check(target.Price)
              ?? Rules.Rate("rate", target.Rate)
              ?? Rules.RateDay("rate_as_of", target.RateAsOf);

    private static string? Tokens(TokenCounts? usage) =>
        usage is null
            ? "usage: missing"
            : Rules.Count("input", usage.Input)
              ?? Rules.Count("cache_read", usage.CacheRead)
              ?? Rules.Count("cache_write", usage.CacheWrite)
              ?? Rules.Count("cache_write_1h", usage.CacheWrite1H)
              ?? Rules.Count("audio_input", usage.AudioInput)
              ?? Rules.Count("output", usage.Output)
              ?? Rules.Count("reasoning", usage.Reasoning)
              ?? Rules.Count("audio_output", usage.AudioOutput)
              ?? Rules.Count("search_units", usage.SearchUnits);
}
