using System.Text.Json;
using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Gateway.Collections;

/// <summary>Documents and passages as JSON.</summary>
internal static class CollectionWriter
{
    public static void Write(Utf8JsonWriter writer, Document document)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, document.DocumentId);
        writer.WriteString("object"u8, "document"u8);
        writer.WriteString("collection"u8, document.Collection);
        writer.WriteString("title"u8, document.Title);
        writer.WriteString("state"u8, NameOf(document.State));
        if (document.FailureCode.Length > 0)
            writer.WriteString("failure_code"u8, document.FailureCode);
        if (document.FailureReason.Length > 0)
            writer.WriteString("failure_reason"u8, document.FailureReason);
        writer.WriteString("priority"u8, NameOf(document.Priority));
        writer.WriteNumber("size"u8, document.Size);
        writer.WriteNumber("tries"u8, document.Tries);
        if (document.Progress is { } progress)
            Write(writer, progress);
        writer.WriteNumber("chunk_count"u8, document.ChunkCount);
        if (document.SubmittedAt is { } submittedAt)
            writer.WriteString("submitted_at"u8, submittedAt.ToDateTimeOffset());
        if (document.IndexedAt is { } indexedAt)
            writer.WriteString("indexed_at"u8, indexedAt.ToDateTimeOffset());
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, SearchResponse response)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (var passage in response.Passages)
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "passage"u8);
            writer.WriteString("document_id"u8, passage.DocumentId);
            writer.WriteString("title"u8, passage.Title);
            writer.WriteNumber("chunk"u8, passage.Chunk);
            writer.WriteString("text"u8, passage.Text);
            writer.WriteNumber("start_offset"u8, passage.StartOffset);
            writer.WriteNumber("end_offset"u8, passage.EndOffset);
            writer.WriteNumber("score"u8, passage.Score);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, IngestionToken token)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "ingestion_token"u8);
        writer.WriteString("token"u8, token.Token);
        writer.WriteString("expires_at"u8, token.ExpiresAt);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ListDocumentsResponse page)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (var document in page.Documents)
            Write(writer, document);
        writer.WriteEndArray();
        writer.WriteBoolean("has_more"u8, page.HasMore);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, List<Collection> collections)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (var collection in collections)
            Write(writer, collection);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Collection collection)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, collection.Name);
        writer.WriteString("object"u8, "collection"u8);
        if (collection.EmbeddingModel.Length > 0)
            writer.WriteString("embedding_model"u8, collection.EmbeddingModel);
        if (collection.Dimensions > 0)
            writer.WriteNumber("dimensions"u8, collection.Dimensions);
        if (collection.ChunkTokens > 0)
            writer.WriteNumber("chunk_tokens"u8, collection.ChunkTokens);
        if (collection.HasVectorWeight)
            writer.WriteNumber("vector_weight"u8, collection.VectorWeight);
        writer.WriteString("trust_tier"u8, collection.TrustTier == TrustTier.External ? "external"u8 : "internal"u8);
        if (collection.CreatedAt is { } createdAt)
            writer.WriteString("created_at"u8, createdAt.ToDateTimeOffset());
        writer.WriteStartObject("documents"u8);
        var counts = collection.Documents ?? new DocumentCounts();
        writer.WriteNumber("queued"u8, counts.Queued);
        writer.WriteNumber("processing"u8, counts.Processing);
        writer.WriteNumber("indexed"u8, counts.Indexed);
        writer.WriteNumber("failed"u8, counts.Failed);
        writer.WriteNumber("cancelled"u8, counts.Cancelled);
        writer.WriteEndObject();
        writer.WriteNumber("chunks"u8, collection.Chunks);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Removal removal)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "removal"u8);
        writer.WriteBoolean("deleted"u8, true);
        writer.WriteNumber("documents"u8, removal.Documents);
        writer.WriteNumber("chunks"u8, removal.Chunks);
        writer.WriteNumber("index_entries"u8, removal.IndexEntries);
        writer.WriteNumber("queued"u8, removal.Queued);
        writer.WriteNumber("remaining"u8, removal.Remaining);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DocumentProgress progress)
    {
        writer.WriteStartObject("progress"u8);
        writer.WriteString("stage"u8, progress.Stage switch
        {
            DocumentStage.Reading => "reading",
            DocumentStage.Embedding => "embedding",
            DocumentStage.Indexing => "indexing",
            _ => "starting",
        });
        writer.WriteNumber("chunks_done"u8, progress.ChunksDone);
        writer.WriteNumber("chunks_total"u8, progress.ChunksTotal);
        writer.WriteEndObject();
    }

    /// <summary>The state of a name, every one for none; null when there is no such state.</summary>
    public static DocumentState? StateOf(string name) => name switch
    {
        "" => DocumentState.Unspecified,
        "queued" => DocumentState.Queued,
        "processing" => DocumentState.Processing,
        "indexed" => DocumentState.Indexed,
        "failed" => DocumentState.Failed,
        "cancelled" => DocumentState.Cancelled,
        _ => null,
    };

    /// <summary>The priority of a name, the usual one for none; null when there is no such priority.</summary>
    public static DocumentPriority? PriorityOf(string? name) => name switch
    {
        null or "" or "normal" => DocumentPriority.Normal,
        "low" => DocumentPriority.Low,
        "high" => DocumentPriority.High,
        _ => null,
    };

    private static string NameOf(DocumentPriority priority) => priority switch
    {
        DocumentPriority.Low => "low",
        DocumentPriority.High => "high",
        _ => "normal",
    };

    private static string NameOf(DocumentState state) => state switch
    {
        DocumentState.Queued => "queued",
        DocumentState.Processing => "processing",
        DocumentState.Indexed => "indexed",
        DocumentState.Failed => "failed",
        DocumentState.Cancelled => "cancelled",
        _ => "unknown",
    };
}
