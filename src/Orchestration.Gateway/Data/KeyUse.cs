namespace Orchestration.Gateway.Data;

/// <summary>What changes about a key without changing the key. Apart from the keys, so that using one never touches it.</summary>
internal sealed class KeyUse
{
    public required string TenantId { get; init; }

    public required string PublicId { get; init; }

    /// <summary>To the minute; null while it was never used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>The end of the key that was told to those who watch for it; another end is told again.</summary>
    public DateTimeOffset? ExpiryToldFor { get; set; }
}
