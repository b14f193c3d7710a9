using Orchestration.Pricing;
using Orchestration.Providers.Data;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>What is known of a key, whoever uses it.</summary>
internal sealed record KeyFacts
{
    public const string Stored = "stored";
    public const string Environment = "environment";

    /// <summary>UUIDv7 in "D" form; "environment:NAME" for a key from the environment.</summary>
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public required string Region { get; init; }

    /// <summary>"stored" or "environment".</summary>
    public required string Source { get; init; }

    /// <summary>The key; null when its row cannot be decrypted.</summary>
    public required Secret? Secret { get; init; }

    /// <summary>Row and seal of a stored key: a verdict on an older secret must not fall on the one that replaced it.</summary>
    public (Guid Id, byte[] Nonce)? Row { get; init; }

    public string Label { get; init; } = "";

    public string LastFour { get; init; } = "";

    public int Weight { get; init; } = 100;

    public int ConcurrencyLimit { get; init; }

    public CredentialStatus Status { get; init; }

    public string Reason { get; init; } = "";

    public required DateTimeOffset ChangedAt { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public Money? Balance { get; init; }

    public DateTimeOffset? BalanceAt { get; init; }

    /// <summary>The operator's warning level; null means the profile's.</summary>
    public decimal? BalanceWarning { get; init; }

    public bool BalanceLow { get; init; }

    public bool IsStored => Source == Stored;

    public static KeyFacts Of(StoredCredential row, Secret? secret) => new()
    {
        Id = row.Id.ToString("D"),
        Provider = row.Provider,
        Region = row.Region,
        Source = Stored,
        Secret = secret,
        Row = (row.Id, row.Nonce),
        Label = row.Label,
        LastFour = row.LastFour,
        Weight = row.Weight,
        ConcurrencyLimit = row.ConcurrencyLimit,
        Status = secret is null ? CredentialStatus.Refused : row.Status,
        Reason = secret is null ? "This key cannot be decrypted with the configured master keys." : row.Reason,
        ChangedAt = row.ChangedAt,
        RetryAt = row.RetryAt,
        CreatedAt = row.CreatedAt,
        Balance = row is { Balance: { } amount, BalanceCurrency: { } currency } ? new Money(amount, currency) : null,
        BalanceAt = row.BalanceAt,
        BalanceWarning = row.BalanceWarning,
    };
}
