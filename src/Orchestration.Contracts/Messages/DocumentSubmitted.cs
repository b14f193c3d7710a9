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

    /// <summary>Plain text, at most 256 KiB of UTF-8; empty when there is a file.</summary>
    public required string Text { get; init; }

    /// <summary>A file of at most 256 KiB in place of the text; null when there is none. Larger ones are uploaded.</summary>
    public byte[]? File { get; init; }

    /// <summary>Name of the file, at most 256 characters; may be empty.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Media type of the file, at most 256 characters; may be empty.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>Which documents it goes before: "low", "normal" or "high".</summary>
    public string Priority { get; init; } = "normal";

    /// <summary>Version of this message, 1.</summary>
    public int PayloadVersion { get; init; } = 1;

    /// <summary>W3C trace context of the sender; null when none.</summary>
    public string? TraceParent { get; init; }
}
