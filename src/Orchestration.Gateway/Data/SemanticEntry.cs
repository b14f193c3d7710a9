using Pgvector;

namespace Orchestration.Gateway.Data;

/// <summary>An answer that may be given again for another wording of its question.</summary>
internal sealed class SemanticEntry
{
    public required string TenantId { get; init; }

    /// <summary>HMAC, under the tenant's key, of everything but the last user text.</summary>
    public required byte[] Partition { get; init; }

    /// <summary>UUIDv7 of the request that was answered.</summary>
    public required Guid EntryId { get; init; }

    public required string ProjectId { get; init; }

    public required string Route { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required HalfVector Embedding { get; init; }

    /// <summary>Question and text of the answer, encrypted.</summary>
    public required byte[] Question { get; init; }

    /// <summary>The answer, encrypted.</summary>
    public required byte[] Answer { get; init; }
}
