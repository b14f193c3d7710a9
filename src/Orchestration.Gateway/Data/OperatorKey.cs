namespace Orchestration.Gateway.Data;

/// <summary>An operator and the key for the admin API.</summary>
internal sealed class OperatorKey
{
    public required string PublicId { get; init; }

    public required string Name { get; set; }

    public required byte[] SecretHash { get; set; }

    public required int PepperVersion { get; set; }

    /// <summary>"active" or "revoked".</summary>
    public required string Status { get; set; }

    /// <summary>One of <c>OperatorRoles</c>.</summary>
    public string Role { get; set; } = "owner";

    /// <summary>The one tenant of a team admin; empty for everybody else.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>Grows with every change.</summary>
    public int Version { get; set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Public id of the operator who made it, or "bootstrap".</summary>
    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; set; }
}
