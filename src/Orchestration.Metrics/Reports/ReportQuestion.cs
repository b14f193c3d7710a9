namespace Orchestration.Metrics.Reports;

/// <summary>What a report is to tell.</summary>
/// <param name="TenantId">Tenant; empty for all.</param>
/// <param name="Periods">Periods of the rows, in order.</param>
/// <param name="GroupBy">Dimensions of the rows, each once.</param>
/// <param name="TagName">Tag that is grouped or filtered by; otherwise empty.</param>
/// <param name="Filters">Values that count, by dimension; a dimension without an entry counts whole.</param>
/// <param name="Simulated">Simulated work instead of real work.</param>
internal sealed record ReportQuestion(
    string TenantId,
    ReportPeriods Periods,
    IReadOnlyList<ReportDimension> GroupBy,
    string TagName,
    IReadOnlyDictionary<ReportDimension, string[]> Filters,
    bool Simulated)
{
    public ReportOrder Order { get; init; } = ReportOrder.Cost;

    /// <summary>Groups told by name; null for all.</summary>
    public int? Top { get; init; }

    public bool WithLatency { get; init; }
    public bool WithFailures { get; init; }
    public bool WithProviderCosts { get; init; }

    /// <summary>All dimensions that the answer depends on, without the tenant, which every rollup knows.</summary>
    public IReadOnlySet<ReportDimension> Dimensions { get; } =
        GroupBy.Concat(Filters.Keys).Where(dimension => dimension != ReportDimension.Tenant).ToHashSet();
}

/// <summary>What groups are ordered by, largest first.</summary>
internal enum ReportOrder
{
    Cost,
    Requests,
    Tokens,
}
