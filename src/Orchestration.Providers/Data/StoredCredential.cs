using Orchestration.Providers.Credentials;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Data;

/// <summary>A vendor's key, encrypted under a data key of its own. The plain key is never stored.</summary>
internal sealed class StoredCredential
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Vendor, for example "deepseek".</summary>
    public required string Provider { get; init; }

    /// <summary>Region of the endpoint that the key is for; empty when the vendor has one.</summary>
    public required string Region { get; init; }

    /// <summary>The key under AES-GCM, with its tag.</summary>
    public required byte[] Ciphertext { get; set; }

    /// <summary>96-bit nonce of the ciphertext.</summary>
    public required byte[] Nonce { get; set; }

    /// <summary>The data key under the master key: nonce, ciphertext, tag.</summary>
    public required byte[] WrappedKey { get; set; }

    /// <summary>Version of the master key.</summary>
    public required int KeyVersion { get; set; }

    /// <summary>Keyed hash of the secret, by which the same one is told again.</summary>
    public required byte[] Fingerprint { get; set; }

    /// <summary>The last four characters of the secret; empty for a short one.</summary>
    public required string LastFour { get; set; }

    public required string Label { get; set; }

    /// <summary>Share of the traffic relative to the other keys of the pool.</summary>
    public required int Weight { get; set; }

    /// <summary>Most requests at a time; 0 means found out by adaptation.</summary>
    public required int ConcurrencyLimit { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required CredentialStatus Status { get; set; }

    /// <summary>Why it is in that state; empty when active.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Since when it is in that state.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>When an exhausted one is tried again.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Announce when the balance falls under this; null means the profile's level.</summary>
    public decimal? BalanceWarning { get; set; }

    public decimal? Balance { get; set; }

    public string? BalanceCurrency { get; set; }

    public DateTimeOffset? BalanceAt { get; set; }

    /// <summary>Change number, given by the database at every write.</summary>
    public long Version { get; private set; }

    public RowIdentity Identity => new(Id, Provider, Region);

    public SealedSecret Sealed => new(Nonce, Ciphertext, WrappedKey, KeyVersion, Fingerprint);

    public void Take(SealedSecret secret, string lastFour) =>
        (Nonce, Ciphertext, WrappedKey, KeyVersion, Fingerprint, LastFour) =
        (secret.Nonce, secret.Ciphertext, secret.WrappedKey, secret.KeyVersion, secret.Fingerprint, lastFour);
}

/// <summary>What may be done with a credential.</summary>
internal enum CredentialStatus
{
    Active,

    /// <summary>Switched off by an operator.</summary>
    Disabled,

    /// <summary>The vendor refused it again and again.</summary>
    Refused,

    /// <summary>The account is empty.</summary>
    Exhausted,
}
