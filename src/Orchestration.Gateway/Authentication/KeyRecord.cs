using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>A client key as it stood in the database a few seconds ago.</summary>
internal sealed record KeyRecord(Caller Caller, byte[] SecretHash, string Status, DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt)
{
    public bool IsActive(DateTimeOffset now) =>
        Status == KeyStatus.Active && (NotBefore is null || NotBefore <= now) && (ExpiresAt is null || now < ExpiresAt);
}
