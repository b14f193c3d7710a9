using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Ingestion;

/// <summary>A document on its way in: a text, or a file that a worker makes text of.</summary>
internal sealed record DocumentSubmission(string TenantId, string Collection, string DocumentId, string Title, string Text)
{
    /// <summary>The file, in place of the text.</summary>
    public SourceFile? File { get; init; }

    public DocumentPriority Priority { get; init; } = DocumentPriority.Normal;

    /// <summary>When its message was sent; null for who waits for the answer. A deletion that came later wins.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>A document and how far it is.</summary>
internal sealed record DocumentStatus(
    string Collection,
    string DocumentId,
    string Title,
    DocumentState State,
    string FailureReason,
    int ChunkCount,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? IndexedAt)
{
    public string FailureCode { get; init; } = "";

    public DocumentPriority Priority { get; init; }

    public DocumentProgress Progress { get; init; } = new();

    public int Size { get; init; }

    public string MediaType { get; init; } = "";

    public int Tries { get; init; }
}

/// <summary>What became of a submission.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    internal sealed record Accepted(DocumentStatus Document) : IntakeResult;

    internal sealed record Rejected(string Message, string Param) : IntakeResult
    {
        public string Code { get; init; } = "invalid_request";
    }

    /// <summary>The document or its collection was deleted after the message was sent.</summary>
    internal sealed record Deleted : IntakeResult;
}
