namespace Orchestration.Metrics.Budgets.Data;

/// <summary>One row of <c>budget_crossings</c>: a threshold that was passed in a period, and whether it was told.</summary>
internal sealed class StoredCrossing
{
    public Guid BudgetId { get; init; }
    public DateTimeOffset PeriodStartsAt { get; init; }
    public int Percent { get; init; }
    public decimal Spent { get; init; }
    public decimal Amount { get; init; }
    public DateTimeOffset CrossedAt { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
}
