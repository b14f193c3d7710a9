namespace Orchestration.Indexing.Data;

/// <summary>A document, or with an empty id a whole collection, was deleted: messages that were sent before bring it back no more.</summary>
internal sealed class DeletedDocumentRow
{
    public required string TenantId { get; init; }

    public required string Collection { get; init; }

    public required string ExternalId { get; init; }

    public required DateTimeOffset DeletedAt { get; set; }
}
