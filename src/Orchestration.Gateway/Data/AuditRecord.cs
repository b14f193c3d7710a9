namespace Orchestration.Gateway.Data;

/// <summary>
/// One line of the audit log. The database gives it number, time and hashes, and lets nobody change or remove it. Nothing in it is secret.
/// </summary>
internal sealed class AuditRecord
{
    public long Number { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Public id of the operator's key; "bootstrap" for the printed sign-in link.</summary>
    public required string Actor { get; init; }

    public required string ActorName { get; init; }

    public required string Role { get; init; }

    /// <summary>Address that the call came from.</summary>
    public required string Address { get; init; }

    /// <summary>Full name of the admin method.</summary>
    public required string Method { get; init; }

    /// <summary>One of <see cref="AuditOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Tenant that it is about; empty for the installation.</summary>
    public required string TenantId { get; init; }

    /// <summary>What it is about, for example "key:AbC123".</summary>
    public required string Target { get; init; }

    /// <summary>The call's request or the state before, as JSON; empty when there was none.</summary>
    public required string Before { get; init; }

    /// <summary>The state after, as JSON; empty when there is none.</summary>
    public required string After { get; init; }

    /// <summary>Id of the HTTP request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Hash of the line before; zeros for the first.</summary>
    public byte[] PreviousHash { get; init; } = [];

    /// <summary>SHA-256 over the line before's hash and this line.</summary>
    public byte[] Hash { get; init; } = [];
}

/// <summary>How far an audited call came.</summary>
internal static class AuditOutcomes
{
    /// <summary>The change is made, in the same transaction as this line.</summary>
    public const string Done = "done";

    /// <summary>The call goes to the service that owns the answer.</summary>
    public const string Forwarded = "forwarded";

    /// <summary>That service made the change.</summary>
    public const string Answered = "answered";

    /// <summary>It did not, or it cannot be known whether it did.</summary>
    public const string Failed = "failed";

    /// <summary>The operator's role does not allow the call.</summary>
    public const string Refused = "refused";
}
