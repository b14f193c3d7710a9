namespace Orchestration.Metrics.Budgets.Data;

/// <summary>One row of <c>budget_leases</c>: a part of a period in the hands of one gateway process.</summary>
internal sealed class StoredLease
{
    public Guid Id { get; init; }
    public Guid BudgetId { get; init; }
    public DateTimeOffset PeriodStartsAt { get; init; }
    public string TenantId { get; init; } = "";

    /// <summary>Outbox slot of the process.</summary>
    public string Holder { get; init; } = "";

    /// <summary>Number of the event with which the process took its slot.</summary>
    public long FirstSequence { get; init; }

    /// <summary>"active", "suspended" or "closed".</summary>
    public string State { get; init; } = "";
    public decimal Amount { get; init; }
    public decimal Used { get; init; }
    public DateTimeOffset GrantedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Number of the last event of the process that may tell of the lease; null while that is not known.</summary>
    public long? DrainThrough { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>"drained" or "operator".</summary>
    public string? ClosedBy { get; init; }
}
