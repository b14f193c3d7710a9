using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Ingestion;

/// <summary>A document on its way in.</summary>
internal sealed record DocumentSubmission(string TenantId, string Collection, string DocumentId, string Title, string Text);

/// <summary>A document and how far it is.</summary>
internal sealed record DocumentStatus(
    string Collection,
    string DocumentId,
    string Title,
    DocumentState State,
    string FailureReason,
    int ChunkCount,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? IndexedAt);

/// <summary>What became of a submission.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    internal sealed record Accepted(DocumentStatus Document) : IntakeResult;

    internal sealed record Rejected(string Message, string Param) : IntakeResult;
}
