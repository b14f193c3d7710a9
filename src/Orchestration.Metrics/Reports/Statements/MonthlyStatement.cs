namespace Orchestration.Metrics.Reports.Statements;

/// <summary>What a tenant owes for a month.</summary>
internal sealed record MonthlyStatement(
    StatementQuestion Question,
    DateTimeOffset? ClosedAt,
    DateTimeOffset AsOf,
    IReadOnlyList<StatementItem> Items,
    IReadOnlyList<string> Notes)
{
    /// <summary>Sums by cost centre and currency.</summary>
    public IEnumerable<(string CostCentre, string Currency, decimal Amount)> CostCentres => Items
        .GroupBy(item => (item.CostCentre, item.Currency))
        .OrderBy(group => group.Key.CostCentre, StringComparer.Ordinal).ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
        .Select(group => (group.Key.CostCentre, group.Key.Currency, group.Sum(item => item.Amount)));

    /// <summary>Sums by currency.</summary>
    public IEnumerable<(string Currency, decimal Amount)> Totals => Items
        .GroupBy(item => item.Currency).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(item => item.Amount)));
}

/// <summary>A line: usage, or with <see cref="BelongsTo"/> an adjustment.</summary>
internal sealed record StatementItem(string CostCentre, string KeyId, string Provider, string Model, string Currency, decimal Amount)
{
    /// <summary>Null for an adjustment.</summary>
    public ReportSums? Usage { get; init; }

    /// <summary>Closed month that an adjustment belongs to.</summary>
    public string BelongsTo { get; init; } = "";

    /// <summary>Reason of an adjustment.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Which statement.</summary>
/// <param name="TenantId">Tenant.</param>
/// <param name="Month">"2026-11".</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="TagName">Tag whose values are the cost centres; null when projects are.</param>
internal sealed record StatementQuestion(string TenantId, string Month, string TimeZone, string? TagName);
