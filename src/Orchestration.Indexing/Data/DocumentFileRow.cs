namespace Orchestration.Indexing.Data;

/// <summary>The file of a document that was not indexed yet; it goes when the document's text is there.</summary>
internal sealed class DocumentFileRow
{
    public required string TenantId { get; init; }

    public required Guid DocumentId { get; init; }

    public required byte[] Content { get; init; }
}
