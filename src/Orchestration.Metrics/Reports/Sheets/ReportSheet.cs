namespace Orchestration.Metrics.Reports.Sheets;

/// <summary>A report as a sheet: a line per row, shares beside counts, then the totals by currency.</summary>
internal static class ReportSheet
{
    /// <summary>Rows that a file may have.</summary>
    public const int MostRows = 50_000;

    private static readonly string[] Measures =
    [
        "requests", "failed_requests", "cache_hits", "cache_share", "attempts", "failed_attempts", "fallbacks", "fallback_share", "estimated", "recovered",
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_one_hour_tokens", "audio_input_tokens", "output_tokens", "reasoning_tokens",
        "audio_output_tokens", "search_units", "currency", "cost", "saved", "billed",
    ];

    private static readonly string[] Latencies =
        ["duration_p50_ms", "duration_p95_ms", "duration_p99_ms", "first_token_p50_ms", "first_token_p95_ms", "first_token_p99_ms"];

    public static Sheet Of(UsageReport report)
    {
        var question = report.Question;
        string[] columns =
        [
            "period", .. question.GroupBy.Select(ReportDimensionNames.NameOf), .. Measures,
            .. question.WithLatency ? Latencies : [], .. question.WithFailures ? ["failures"] : Array.Empty<string>(),
            .. question.WithProviderCosts ? ["provider_costs"] : Array.Empty<string>(),
        ];
        return new Sheet(
            $"usage-{question.Periods.From:yyyyMMdd}-{question.Periods.To:yyyyMMdd}",
            columns,
            [
                .. report.Rows.Select(row => Line(question, row)),
                .. report.Totals.Select(row => Line(question, row)),
                .. report.Adjustments.Select(sum => Adjustment(columns, sum.Key, sum.Value)),
            ]);
    }

    private static object?[] Line(ReportQuestion question, UsageReportRow row)
    {
        var sums = row.Sums;
        string[] values = row.Values is null
            ? [.. question.GroupBy.Select((_, index) => index == 0 ? "(other)" : "")]
            : row.Period is null ? [.. question.GroupBy.Select(_ => "")] : row.Values;
        var line = new List<object?>
        {
            row.Period is { } period ? question.Periods.NameOf(question.Periods.All[period]) : "total",
        };
        line.AddRange(values);
        line.AddRange(
        [
            sums.Requests, sums.FailedRequests, sums.CacheHits, Share(sums.CacheHits, sums.Requests), sums.Attempts, sums.FailedAttempts, sums.Fallbacks,
            Share(sums.Fallbacks, sums.Requests), sums.Estimated, sums.Recovered, sums.Input, sums.CacheRead, sums.CacheWrite, sums.CacheWriteOneHour,
            sums.AudioInput, sums.Output, sums.Reasoning, sums.AudioOutput, sums.SearchUnits, row.Currency, sums.Cost, sums.Saved, sums.Billed,
        ]);
        if (question.WithLatency)
        {
            foreach (var counts in new[] { row.Duration, row.FirstToken })
                line.AddRange([Rounded(counts.Percentile(0.50)), Rounded(counts.Percentile(0.95)), Rounded(counts.Percentile(0.99))]);
        }

        if (question.WithFailures)
            line.Add(string.Join("; ", row.Failures.OrderByDescending(failure => failure.Value).Select(failure => $"{(failure.Key.OfAttempts ? "attempt " : "")}{failure.Key.Code} {failure.Value}")));
        if (question.WithProviderCosts)
            line.Add(string.Join("; ", row.ProviderCosts.Select(cost => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cost.Value} {cost.Key}"))));
        return [.. line];
    }

    private static object?[] Adjustment(string[] columns, string currency, decimal amount) =>
        [.. columns.Select(column => column switch { "period" => "adjustments", "currency" => currency, "cost" => amount, _ => (object?)null })];

    private static decimal? Share(long part, long whole) => whole == 0 ? null : decimal.Round((decimal)part / whole, 6);

    private static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;
}
