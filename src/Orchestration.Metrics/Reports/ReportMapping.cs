using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Reports;

/// <summary>Reports as they travel.</summary>
internal static class ReportMapping
{
    public static Report ToWire(this UsageReport report)
    {
        var wire = new Report
        {
            AsOf = report.AsOf.ToTimestamp(),
            TimeZone = report.Question.Periods.TimeZone,
            GroupBy = { report.Question.GroupBy.Select(ReportDimensionNames.NameOf) },
            Notes = { report.Notes },
            QuarantinedEvents = report.QuarantinedEvents,
        };
        wire.Rows.AddRange(report.Rows.Select(row => row.ToWire(report.Question.Periods)));
        wire.Totals.AddRange(report.Totals.Select(row => row.ToWire(report.Question.Periods)));
        wire.Adjustments.AddRange(report.Adjustments.Select(sum => new Money(sum.Value, sum.Key).ToProto()));
        return wire;
    }

    public static ReportTokens ToTokens(this ReportSums sums) => new()
    {
        Input = sums.Input,
        CacheRead = sums.CacheRead,
        CacheWrite = sums.CacheWrite,
        CacheWriteOneHour = sums.CacheWriteOneHour,
        AudioInput = sums.AudioInput,
        Output = sums.Output,
        Reasoning = sums.Reasoning,
        AudioOutput = sums.AudioOutput,
        SearchUnits = sums.SearchUnits,
    };

    private static ReportRow ToWire(this UsageReportRow row, ReportPeriods periods)
    {
        var sums = row.Sums;
        var wire = new ReportRow
        {
            Other = row.Values is null,
            Requests = sums.Requests,
            FailedRequests = sums.FailedRequests,
            CacheHits = sums.CacheHits,
            Estimated = sums.Estimated,
            Recovered = sums.Recovered,
            Attempts = sums.Attempts,
            FailedAttempts = sums.FailedAttempts,
            Fallbacks = sums.Fallbacks,
            Tokens = sums.ToTokens(),
            Cost = new Money(sums.Cost, row.Currency).ToProto(),
            Saved = new Money(sums.Saved, row.Currency).ToProto(),
            Billed = new Money(sums.Billed, row.Currency).ToProto(),
            Latency = Latency(row),
        };
        if (row.Period is { } period)
        {
            wire.Period = periods.NameOf(periods.All[period]);
            wire.PeriodStart = periods.All[period].From.ToTimestamp();
        }

        wire.Values.AddRange(row.Values ?? []);
        wire.Failures.AddRange(row.Failures.OrderByDescending(failure => failure.Value).ThenBy(failure => failure.Key.Code, StringComparer.Ordinal)
            .Select(failure => new ReportFailure { Code = failure.Key.Code, OfAttempts = failure.Key.OfAttempts, Count = failure.Value }));
        wire.ProviderCosts.AddRange(row.ProviderCosts.Select(cost => new Money(cost.Value, cost.Key).ToProto()));
        return wire;
    }

    private static ReportLatency? Latency(UsageReportRow row) =>
        Percentiles(row.Duration) is { } duration ? new ReportLatency { Duration = duration, FirstToken = Percentiles(row.FirstToken) } : null;

    private static ReportPercentiles? Percentiles(LatencyCounts counts) => counts.Count <= 0
        ? null
        : new ReportPercentiles
        {
            Count = counts.Count,
            P50Ms = counts.Percentile(0.50) ?? 0,
            P95Ms = counts.Percentile(0.95) ?? 0,
            P99Ms = counts.Percentile(0.99) ?? 0,
        };
}
