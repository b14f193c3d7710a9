namespace Orchestration.Gateway.Data;

/// <summary>A request with an <c>Idempotency-Key</c>: who runs it, or what it was answered.</summary>
internal sealed class IdempotencyClaim
{
    public required string TenantId { get; init; }

    /// <summary>Hash of the key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>Hash of API key, path and body.</summary>
    public required byte[] Fingerprint { get; set; }

    /// <summary>UUIDv7 of the run; another one when the request is run again.</summary>
    public required Guid ClaimId { get; set; }

    /// <summary>"running", "finished" or "failed".</summary>
    public required string State { get; set; }

    /// <summary>Until when a running request is believed to run.</summary>
    public required DateTimeOffset LeasedUntil { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The answer, encrypted; null while there is none, and for good when it was too large.</summary>
    public byte[]? Answer { get; set; }
}
