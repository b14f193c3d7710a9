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
        if (document.FailureReason.Length > 0)
            writer.WriteString("failure_reason"u8, document.FailureReason);
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

    private static string NameOf(DocumentState state) => state switch
    {
        DocumentState.Queued => "queued",
        DocumentState.Processing => "processing",
        DocumentState.Indexed => "indexed",
        DocumentState.Failed => "failed",
        _ => "unknown",
    };
}
