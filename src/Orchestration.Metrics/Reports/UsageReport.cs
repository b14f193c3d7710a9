namespace Orchestration.Metrics.Reports;

/// <summary>A report as it was read.</summary>
internal sealed record UsageReport(
    ReportQuestion Question,
    DateTimeOffset AsOf,
    IReadOnlyList<UsageReportRow> Rows,
    IReadOnlyList<UsageReportRow> Totals,
    IReadOnlyDictionary<string, decimal> Adjustments,
    IReadOnlyList<string> Notes,
    long QuarantinedEvents);

/// <summary>One group in one period and currency.</summary>
internal sealed class UsageReportRow
{
    /// <summary>Index of the period; null in totals.</summary>
    public int? Period { get; init; }

    /// <summary>Values of the group's dimensions; null for the sum of others, empty for totals.</summary>
    public string[]? Values { get; init; }

    public required string Currency { get; init; }

    public ReportSums Sums { get; } = new();

    public LatencyCounts Duration { get; } = new();

    public LatencyCounts FirstToken { get; } = new();

    public Dictionary<(string Code, bool OfAttempts), long> Failures { get; } = [];

    /// <summary>By currency of the prices.</summary>
    public SortedDictionary<string, decimal> ProviderCosts { get; } = new(StringComparer.Ordinal);

    public void Add(UsageReportRow other)
    {
        Sums.Add(other.Sums);
        Duration.Add(other.Duration);
        FirstToken.Add(other.FirstToken);
        foreach (var (key, count) in other.Failures)
            Failures[key] = Failures.GetValueOrDefault(key) + count;
        foreach (var (currency, amount) in other.ProviderCosts)
            ProviderCosts[currency] = ProviderCosts.GetValueOrDefault(currency) + amount;
    }
}
