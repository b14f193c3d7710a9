using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Data;

internal sealed class DocumentRow
{
    public required string TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Collection { get; init; }

    public required string ExternalId { get; init; }

    public required string Title { get; set; }

    public required string Text { get; set; }

    /// <summary>SHA-256 of title and text, hex: the same content is accepted once.</summary>
    public required string ContentHash { get; set; }

    public required DocumentState State { get; set; }

    public string FailureReason { get; set; } = "";

    public int Tries { get; set; }

    /// <summary>Earliest time at which a worker may take the document; doubles as the lease of the worker that has it.</summary>
    public required DateTimeOffset NextTryAt { get; set; }

    public required DateTimeOffset SubmittedAt { get; set; }

    public DateTimeOffset? IndexedAt { get; set; }

    /// <summary>W3C trace context of the submission, so that the work shows in its trace.</summary>
    public string? TraceParent { get; set; }
}
