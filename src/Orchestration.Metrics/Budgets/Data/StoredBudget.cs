using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Budgets.Data;

/// <summary>One row of <c>budgets</c>.</summary>
internal sealed class StoredBudget
{
    public Guid Id { get; init; }
    public string TenantId { get; init; } = "";
    public string Name { get; set; } = "";
    public BudgetLevel Scope { get; init; }

    /// <summary>Project, key or model group; empty for the tenant.</summary>
    public string ScopeId { get; init; } = "";
    public decimal Amount { get; set; }
    public string Currency { get; init; } = "";
    public PeriodKind Period { get; set; }
    public string TimeZone { get; set; } = "";
    public int[] Thresholds { get; set; } = [];

    /// <summary>Route at the limit; null refuses.</summary>
    public string? CheaperRoute { get; set; }
    public bool Enabled { get; set; }
    public bool CountsSimulated { get; init; }
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public BudgetCalendar Calendar => BudgetCalendar.For(Period, TimeZone, CreatedAt);
}

/// <summary>What a budget limits.</summary>
internal enum BudgetLevel
{
    Tenant,
    Project,
    Key,
    ModelGroup,
}
