namespace Orchestration.Contracts.Messages;

/// <summary>The dimensions that reports roll up by; the same on every event of a request.</summary>
public sealed record LedgerDimensions
{
    /// <summary>Tenant that pays.</summary>
    public required string TenantId { get; init; }

    /// <summary>Project inside the tenant.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Public part of the key; empty for work of the gateway itself.</summary>
    public required string KeyId { get; init; }

    /// <summary>Hash of the end user's id; empty when none was given.</summary>
    public required string EndUser { get; init; }

    /// <summary>Session id given by the client; empty when none was given.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>"chat", "embedding", "ingest", "query", "cache" or "rerank".</summary>
    public required string Purpose { get; init; }

    /// <summary>Route that was taken.</summary>
    public required string Route { get; init; }

    /// <summary>"simple", "moderate", "complex" or empty.</summary>
    public required string RequestClass { get; init; }

    /// <summary>Version of the policy.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>Billing currency of the tenant, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>When the request was admitted, UTC; fixes the period that all its events count in.</summary>
    public required DateTimeOffset RequestStartedAt { get; init; }

    /// <summary>Labels given by the client.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
