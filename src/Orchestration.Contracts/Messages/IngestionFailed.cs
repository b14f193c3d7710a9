namespace Orchestration.Contracts.Messages;

/// <summary>A document was given up after its tries. Holds nothing of its text.</summary>
public sealed record IngestionFailed
{
    /// <summary>Tenant of the collection.</summary>
    public required string TenantId { get; init; }

    /// <summary>Name of the collection.</summary>
    public required string Collection { get; init; }

    /// <summary>The sender's id of the document.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was given up, UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }
}
