using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Overview;

/// <summary>Everything that the overview shows, read together.</summary>
/// <param name="Today">Sums of the viewer's day.</param>
/// <param name="Month">Sums of the viewer's month.</param>
/// <param name="Whole">The range as one period, with latencies and failures.</param>
/// <param name="Groups">The range as one period, by the chosen dimension.</param>
/// <param name="Course">The range by hours or days and the chosen dimension.</param>
/// <param name="Budgets">Budgets that are on.</param>
/// <param name="ProvidersSimulated">True while no real provider is configured.</param>
public sealed record OverviewData(
    Report Today, Report Month, Report Whole, Report Groups, Report Course, IReadOnlyList<Budget> Budgets, bool ProvidersSimulated)
{
    public long Requests => Whole.Totals.Sum(row => row.Requests);

    public long FailedRequests => Whole.Totals.Sum(row => row.FailedRequests);

    public long CacheHits => Whole.Totals.Sum(row => row.CacheHits);

    public long Attempts => Whole.Totals.Sum(row => row.Attempts);

    public long Fallbacks => Whole.Totals.Sum(row => row.Fallbacks);

    /// <summary>Tokens in and out of all classes.</summary>
    public static long TokensOf(ReportRow row) => row.Tokens is not { } tokens
        ? 0
        : tokens.Input + tokens.CacheRead + tokens.CacheWrite + tokens.CacheWriteOneHour + tokens.AudioInput + tokens.Output + tokens.Reasoning + tokens.AudioOutput;

    /// <summary>Failures of requests by code, most frequent first.</summary>
    public IReadOnlyList<ReportFailure> Failures =>
        [.. Whole.Totals.SelectMany(row => row.Failures).GroupBy(failure => (failure.Code, failure.OfAttempts))
            .Select(group => new ReportFailure { Code = group.Key.Code, OfAttempts = group.Key.OfAttempts, Count = group.Sum(failure => failure.Count) })
            .OrderByDescending(failure => failure.Count)];
}
