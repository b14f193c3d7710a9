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

    /// <summary>SHA-256 of title and text or file, hex: the same content is accepted once.</summary>
    public required string ContentHash { get; set; }

    public required DocumentState State { get; set; }

    public string FailureReason { get; set; } = "";

    /// <summary>The reason for programs; empty when there is none.</summary>
    public string FailureCode { get; set; } = "";

    /// <summary>Times that a worker took the document. Only grows, as it fences the writes of a worker that lost it.</summary>
    public int Tries { get; set; }

    /// <summary>Tries that do not count against the document: of earlier contents, and those that ended because something else was away.</summary>
    public int ExcusedTries { get; set; }

    public DocumentPriority Priority { get; set; }

    public string FileName { get; set; } = "";

    public string MediaType { get; set; } = "";

    /// <summary>Bytes that were handed in.</summary>
    public int Size { get; set; }

    public DocumentStage Stage { get; set; }

    public int ChunksDone { get; set; }

    public int ChunksTotal { get; set; }

    /// <summary>Earliest time at which a worker may take the document; doubles as the lease of the worker that has it.</summary>
    public required DateTimeOffset NextTryAt { get; set; }

    public required DateTimeOffset SubmittedAt { get; set; }

    public DateTimeOffset? IndexedAt { get; set; }

    /// <summary>W3C trace context of the submission, so that the work shows in its trace.</summary>
    public string? TraceParent { get; set; }
}
