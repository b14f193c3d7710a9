namespace Orchestration.Metrics.Repricing;

/// <summary>One row of <c>adjustments</c>: a change of a closed month. Rows of re-pricings grow while they are applied; no other row changes.</summary>
internal sealed class AdjustmentRow
{
    public Guid Id { get; init; }
    public string TenantId { get; init; } = "";
    public string ProjectId { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Currency { get; init; } = "";
    public decimal Amount { get; init; }

    /// <summary>The closed month, "2026-10".</summary>
    public string BelongsTo { get; init; } = "";

    /// <summary>The open month that carries it, "2026-11".</summary>
    public string BookedIn { get; init; } = "";

    public string Reason { get; init; } = "";
    public string Actor { get; init; } = "";

    /// <summary>Null for a line that a person made.</summary>
    public Guid? RepricingId { get; init; }

    /// <summary>True for the line that takes back the one of a reversed re-pricing.</summary>
    public bool Reversal { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One row of <c>closed_months</c>.</summary>
internal sealed class ClosedMonthRow
{
    /// <summary>Empty when it is closed for every tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>"2026-10".</summary>
    public string Month { get; init; } = "";

    public string TimeZone { get; init; } = "";
    public DateTimeOffset PeriodFrom { get; init; }
    public DateTimeOffset PeriodTo { get; init; }
    public DateTimeOffset ClosedAt { get; init; }
    public string Actor { get; init; } = "";

    /// <summary>What stood in the ledger then: a list of <see cref="FrozenTotal"/>.</summary>
    public string Totals { get; init; } = "[]";
}

/// <summary>What a tenant spent in a month when it was closed.</summary>
internal sealed record FrozenTotal(string TenantId, string Currency, bool Simulated, long Attempts, decimal Billed);
