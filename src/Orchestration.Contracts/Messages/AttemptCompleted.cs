namespace Orchestration.Contracts.Messages;

/// <summary>What a provider will bill for one attempt: failed, hedged and cancelled ones too.</summary>
public sealed record AttemptCompleted
{
    /// <summary>UUIDv7 of the attempt.</summary>
    public required Guid AttemptId { get; init; }

    /// <summary>UUIDv7 of the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>0 for the first attempt of the request.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Rollup dimensions.</summary>
    public required LedgerDimensions Dimensions { get; init; }

    /// <summary>Where the attempt went.</summary>
    public required AttemptTarget Target { get; init; }

    /// <summary>"succeeded", "failed", "broken" or "cancelled".</summary>
    public required string Outcome { get; init; }

    /// <summary>Code of the failure; empty when it succeeded.</summary>
    public required string FailureCode { get; init; }

    /// <summary>HTTP status of the provider; 0 when none was read.</summary>
    public required int ProviderStatus { get; init; }

    /// <summary>Token counts in disjoint classes.</summary>
    public required TokenCounts Usage { get; init; }

    /// <summary>True when the price of thinking was charged; null from senders that did not tell.</summary>
    public bool? Thinking { get; init; }

    /// <summary>The provider's service tier that was charged, empty for the default; null from senders that did not tell.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>"exact", "estimated" or "released".</summary>
    public required string Settlement { get; init; }

    /// <summary>Cost in the price's currency, exact.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Currency of <see cref="Cost"/>, ISO 4217.</summary>
    public required string CostCurrency { get; init; }

    /// <summary>Cost in the tenant's currency at the pinned rate, exact.</summary>
    public required decimal Billed { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Milliseconds from the start to the first token; null when none came.</summary>
    public double? TimeToFirstTokenMs { get; init; }

    /// <summary>Milliseconds from the start to the end of the upstream read.</summary>
    public required double DurationMs { get; init; }
}
