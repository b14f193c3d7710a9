namespace Orchestration.Gateway.Data;

/// <summary>An operator who signed in.</summary>
internal sealed class OperatorSession
{
    public required Guid SessionId { get; init; }

    /// <summary>SHA-256 of the session's secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Public id of the operator; empty for who came by the printed sign-in link, who is an owner.</summary>
    public string OperatorId { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Written at most once a minute.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When it ends at the latest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }
}
