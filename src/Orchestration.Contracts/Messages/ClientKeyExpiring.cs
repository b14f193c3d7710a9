namespace Orchestration.Contracts.Messages;

/// <summary>
/// A client's key comes to its end within days, or no longer does. Told once for each end, and once more when the key was revoked, was given
/// a later end or has none any more. Holds nothing secret.
/// </summary>
public sealed record ClientKeyExpiring
{
    /// <summary>Tenant that the key belongs to.</summary>
    public required string TenantId { get; init; }

    /// <summary>Project that the key belongs to.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The part of the key that may be shown.</summary>
    public required string KeyId { get; init; }

    /// <summary>Name that operators gave the key.</summary>
    public required string Name { get; init; }

    /// <summary>True while the end comes near; false when it does so no longer.</summary>
    public required bool Expiring { get; init; }

    /// <summary>When the key ends, or was to end, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was found, UTC.</summary>
    public required DateTimeOffset FoundAt { get; init; }
}
