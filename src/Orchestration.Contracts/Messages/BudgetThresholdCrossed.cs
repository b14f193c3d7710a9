namespace Orchestration.Contracts.Messages;

/// <summary>A budget's spend passed one of its thresholds. Told once per threshold and period.</summary>
public sealed record BudgetThresholdCrossed
{
    /// <summary>Id of the budget.</summary>
    public required string BudgetId { get; init; }

    /// <summary>Tenant that the budget belongs to.</summary>
    public required string TenantId { get; init; }

    /// <summary>Name that operators gave it; empty when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>What it limits: "tenant", "project:ID", "key:ID" or "model_group:ID".</summary>
    public required string Scope { get; init; }

    /// <summary>First instant of the period, UTC.</summary>
    public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>First instant after the period, UTC.</summary>
    public required DateTimeOffset PeriodEnd { get; init; }

    /// <summary>The threshold in percent of the limit; 1 to 100.</summary>
    public required int ThresholdPercent { get; init; }

    /// <summary>Spent so far in the period, exact.</summary>
    public required decimal Spent { get; init; }

    /// <summary>The budget's limit.</summary>
    public required decimal Limit { get; init; }

    /// <summary>Currency of both, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>When it was passed, UTC.</summary>
    public required DateTimeOffset CrossedAt { get; init; }
}
