namespace Orchestration.Metrics.Data;

/// <summary>One row of <c>requests</c>: what the tenant did, joined from its two witnesses.</summary>
internal sealed class LedgerRequest
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
    public DateTimeOffset StartedAt { get; init; }
    public string Tags { get; init; } = "{}";
    public string RequestedModel { get; init; } = "";
    public bool Streamed { get; init; }
    public bool Simulated { get; init; }
    public string TraceId { get; init; } = "";

    /// <summary>First witness, RequestAdmitted; null until it came.</summary>
    public Guid? AdmittedEventId { get; init; }
    public DateTimeOffset? AdmittedAt { get; init; }
    public decimal? Reserved { get; init; }
    public string? LeaseSlices { get; init; }

    /// <summary>Second witness, RequestCompleted; null until it came.</summary>
    public Guid? CompletedEventId { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public string? Provider { get; init; }
    public string? Model { get; init; }
    public string? Status { get; init; }
    public string? Settlement { get; init; }
    public decimal? Cost { get; init; }

    /// <summary>What it would have cost without routing; null where that is not known.</summary>
    public decimal? Baseline { get; init; }
    public int? AttemptCount { get; init; }
    public bool? ClientGone { get; init; }
    public string? Cache { get; init; }
    public double? TimeToFirstTokenMs { get; init; }

    /// <summary>When the row was made, by the database's clock.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
