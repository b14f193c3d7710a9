namespace Orchestration.Providers.Data;

/// <summary>A vendor's key, encrypted under a data key of its own version. The plain key is never stored.</summary>
internal sealed class StoredCredential
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Vendor, for example "deepseek".</summary>
    public required string Provider { get; init; }

    /// <summary>Region of the endpoint that the key is for; empty when the vendor has one.</summary>
    public required string Region { get; init; }

    /// <summary>The key under AES-GCM, with its tag.</summary>
    public required byte[] Ciphertext { get; init; }

    /// <summary>96-bit nonce, never used twice under one key version.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>Version of the key that it is encrypted under.</summary>
    public required int KeyVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required CredentialStatus Status { get; set; }
}

/// <summary>What may be done with a stored credential.</summary>
internal enum CredentialStatus
{
    Active,
    Disabled,
    Exhausted,
}
