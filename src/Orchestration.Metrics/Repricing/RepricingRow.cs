namespace Orchestration.Metrics.Repricing;

/// <summary>One row of <c>repricings</c>: a new version of what a period cost.</summary>
internal sealed class RepricingRow
{
    public Guid Id { get; init; }

    /// <summary>One of <see cref="RepricingStates"/>.</summary>
    public string State { get; set; } = RepricingStates.Preparing;

    /// <summary>What was asked for, as protobuf JSON.</summary>
    public string Request { get; init; } = "{}";

    public DateTimeOffset PeriodFrom { get; init; }
    public DateTimeOffset PeriodTo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Last attempt that was looked at; null before the first.</summary>
    public Guid? Cursor { get; init; }

    public long Seen { get; init; }
    public long Differing { get; init; }
    public long Unexplained { get; init; }

    /// <summary>Why it stopped; empty when it did not.</summary>
    public string Problem { get; init; } = "";
}

/// <summary>States of a re-pricing as they are stored.</summary>
internal static class RepricingStates
{
    public const string Preparing = "preparing";
    public const string Prepared = "prepared";
    public const string Applying = "applying";
    public const string Applied = "applied";
    public const string Reversing = "reversing";
    public const string Reversed = "reversed";

    /// <summary>Being changed back on the way to <see cref="Cancelled"/>.</summary>
    public const string Cancelling = "cancelling";

    public const string Cancelled = "cancelled";
}

/// <summary>One row of <c>repriced_attempts</c>: an attempt with what it cost before and after. Kept as long as the attempt, so that no charged value is lost.</summary>
internal sealed class RepricedAttempt
{
    public const string Pending = "pending";

    /// <summary>The ledger row has the new cost.</summary>
    public const string Applied = "applied";

    /// <summary>The ledger row belongs to a closed month: adjustment lines carry the difference.</summary>
    public const string Adjusted = "adjusted";

    /// <summary>Something else changed the ledger row: it was left alone, or the line that had adjusted it was taken back.</summary>
    public const string Stale = "stale";

    /// <summary>What was before counts again.</summary>
    public const string Reversed = "reversed";

    public Guid RepricingId { get; init; }
    public Guid AttemptId { get; init; }
    public Guid RequestId { get; init; }
    public string TenantId { get; init; } = "";
    public string ProjectId { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Currency { get; init; } = "";
    public string CostCurrency { get; init; } = "";
    public bool Simulated { get; init; }
    public DateTimeOffset RequestStartedAt { get; init; }
    public string PriceBefore { get; init; } = "{}";
    public string PriceAfter { get; init; } = "{}";
    public decimal CostBefore { get; init; }
    public decimal CostAfter { get; init; }
    public decimal BilledBefore { get; init; }
    public decimal BilledAfter { get; init; }

    /// <summary>One of the constants of this type.</summary>
    public string State { get; init; } = Pending;
}
