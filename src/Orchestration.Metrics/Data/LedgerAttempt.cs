namespace Orchestration.Metrics.Data;

/// <summary>One row of <c>attempts</c>: what a provider will bill, joined from its two witnesses.</summary>
internal sealed class LedgerAttempt
{
    public Guid Id { get; init; }
    public string TenantId { get; init; } = "";
    public string ProjectId { get; init; } = "";
    public string KeyId { get; init; } = "";
    public string EndUser { get; init; } = "";
    public string SessionId { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string Route { get; init; } = "";
    public string RequestClass { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    public string Currency { get; init; } = "";
    public DateTimeOffset RequestStartedAt { get; init; }
    public string Tags { get; init; } = "{}";
    public Guid RequestId { get; init; }
    public int Ordinal { get; init; }
    public string Deployment { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Region { get; init; } = "";
    public bool Simulated { get; init; }
    public string Price { get; init; } = "";
    public decimal Rate { get; init; }
    public DateTimeOffset RateAsOf { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public string TraceId { get; init; } = "";

    /// <summary>First witness, AttemptStarted; null until it came.</summary>
    public Guid? StartedEventId { get; init; }

    /// <summary>Most that it may cost, in the tenant's currency; null when its sender did not tell.</summary>
    public decimal? Reserved { get; init; }

    /// <summary>Second witness, AttemptCompleted; null until it came.</summary>
    public Guid? FinishedEventId { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Outcome { get; init; }
    public string? FailureCode { get; init; }
    public int? ProviderStatus { get; init; }
    public string? Settlement { get; init; }
    public decimal? Cost { get; init; }
    public string? CostCurrency { get; init; }
    public decimal? Billed { get; init; }
    public double? TimeToFirstTokenMs { get; init; }
    public double? DurationMs { get; init; }
    public long? InputTokens { get; init; }
    public long? CacheReadTokens { get; init; }
    public long? CacheWriteTokens { get; init; }
    public long? CacheWriteOneHourTokens { get; init; }
    public long? AudioInputTokens { get; init; }
    public long? OutputTokens { get; init; }
    public long? ReasoningTokens { get; init; }
    public long? AudioOutputTokens { get; init; }
    public long? SearchUnits { get; init; }

    /// <summary>Whether the price of thinking was charged; null where that was not told.</summary>
    public bool? Thinking { get; init; }

    /// <summary>The provider's service tier that was charged; null where that was not told.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>When the row was made, by the database's clock.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
