namespace Orchestration.Contracts.Messages;

/// <summary>A vendor's key changed its state, or its account's balance crossed the warning level. Holds nothing secret.</summary>
public sealed record CredentialChanged
{
    /// <summary>UUIDv7 in "D" form; "environment:NAME" for a key from the environment.</summary>
    public required string CredentialId { get; init; }

    /// <summary>Vendor.</summary>
    public required string Provider { get; init; }

    /// <summary>Region of the endpoint that the key is for; empty when the vendor has one.</summary>
    public required string Region { get; init; }

    /// <summary>"stored" or "environment".</summary>
    public required string Source { get; init; }

    /// <summary>"active", "disabled" or "parked".</summary>
    public required string State { get; init; }

    /// <summary>Why, in one sentence; empty when active.</summary>
    public required string Reason { get; init; }

    /// <summary>Balance as last read; null when the vendor tells none.</summary>
    public decimal? Balance { get; init; }

    /// <summary>ISO 4217 code; empty without a balance.</summary>
    public required string BalanceCurrency { get; init; }

    /// <summary>True while the balance is under its warning level.</summary>
    public required bool BalanceLow { get; init; }

    /// <summary>When it was found, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
