namespace Orchestration.Gateway.Data;

/// <summary>A key for the admin API.</summary>
internal sealed class OperatorKey
{
    public required string PublicId { get; init; }

    public required string Name { get; set; }

    public required byte[] SecretHash { get; set; }

    public required int PepperVersion { get; set; }

    /// <summary>"active" or "revoked".</summary>
    public required string Status { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
