using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>A client key with its project and tenant, as they stood in the database a few seconds ago.</summary>
internal sealed record KeyRecord(Caller Caller, byte[] SecretHash, string Status, DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt)
{
    /// <summary>The secret before the last rotation; null when there is none.</summary>
    public byte[]? PreviousSecretHash { get; init; }

    public DateTimeOffset? PreviousExpiresAt { get; init; }

    /// <summary>True when only the hash of the whole key opens it.</summary>
    public bool Imported { get; init; }

    public bool ProjectSuspended { get; init; }

    public bool TenantSuspended { get; init; }

    public bool IsRevoked => Status != KeyStatus.Active;

    public bool HasBegun(DateTimeOffset now) => NotBefore is null || NotBefore <= now;

    public bool HasEnded(DateTimeOffset now) => ExpiresAt is not null && ExpiresAt <= now;

    public byte[]? PreviousHashAt(DateTimeOffset now) => now < PreviousExpiresAt ? PreviousSecretHash : null;
}
