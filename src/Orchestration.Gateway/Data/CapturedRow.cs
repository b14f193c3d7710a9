namespace Orchestration.Gateway.Data;

/// <summary>Prompt and answer of a request whose tenant has them kept.</summary>
internal sealed class CapturedRow
{
    public required string TenantId { get; init; }

    public required Guid RequestId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>Hash; empty when none was named.</summary>
    public required string EndUser { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Prompt and answer, compressed and encrypted.</summary>
    public required byte[] Content { get; init; }
}
