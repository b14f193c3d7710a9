namespace Orchestration.Gateway.Data;

/// <summary>A key for inference. Operators' keys are another table, so that neither can ever pass for the other.</summary>
internal sealed class ClientKey
{
    public required string TenantId { get; init; }

    /// <summary>The part of the key that may be shown; unique over all tenants.</summary>
    public required string PublicId { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>HMAC of the secret; of a key of another gateway, of the SHA-256 of the whole key.</summary>
    public required byte[] SecretHash { get; set; }

    public required int PepperVersion { get; set; }

    /// <summary>The secret before the last rotation, while it still opens.</summary>
    public byte[]? PreviousSecretHash { get; set; }

    public int? PreviousPepperVersion { get; set; }

    public DateTimeOffset? PreviousExpiresAt { get; set; }

    /// <summary>True for a key that another gateway made: found by its hash, since it has no public id inside.</summary>
    public bool Imported { get; init; }

    /// <summary>"active" or "revoked".</summary>
    public required string Status { get; set; }

    /// <summary>What it may be used for; see <c>KeyScopes</c>.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>Names that it may ask for, with * at the end for all that begin so; empty means all.</summary>
    public string[] Models { get; set; } = [];

    /// <summary>Networks that it may be used from; empty means all.</summary>
    public string[] Networks { get; set; } = [];

    /// <summary>What all requests with the key may do.</summary>
    public List<LimitRule> Limits { get; set; } = [];

    /// <summary>Grows with every change.</summary>
    public required int Version { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Public id of the operator's key, or "bootstrap".</summary>
    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
