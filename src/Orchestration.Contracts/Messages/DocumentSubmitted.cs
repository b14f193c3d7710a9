namespace Orchestration.Contracts.Messages;

/// <summary>A document is to be indexed. Sent by clients of the queue, accepted once per content.</summary>
public sealed record DocumentSubmitted
{
    /// <summary>Ingestion token signed by the gateway: tenant, collection and expiry. Nothing else says whose document it is.</summary>
    public required string IngestionToken { get; init; }

    /// <summary>The sender's id of the document, 1 to 256 characters.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Title, at most 512 characters; may be empty.</summary>
    public required string Title { get; init; }

    /// <summary>Plain text, at most 256 KiB of UTF-8.</summary>
    public required string Text { get; init; }

    /// <summary>Version of this message, 1.</summary>
    public int PayloadVersion { get; init; } = 1;

    /// <summary>W3C trace context of the sender; null when none.</summary>
    public string? TraceParent { get; init; }
}
