namespace Orchestration.Indexing.Postings;

/// <summary>A document's chunks on their way into the collection's indexes.</summary>
/// <param name="TenantId">Whose document it is.</param>
/// <param name="Collection">Where it belongs.</param>
/// <param name="DocumentId">Row of the document.</param>
/// <param name="Title">Searched together with the text of every chunk.</param>
/// <param name="Embedder">"provider/model" that made the vectors, or the collection's own latent-semantic space, which makes them here.</param>
/// <param name="Chunks">All chunks, in order.</param>
internal sealed record DocumentChunks(
    string TenantId, string Collection, Guid DocumentId, string Title, string Embedder, IReadOnlyList<DocumentChunk> Chunks);

/// <param name="Ordinal">Place of the chunk in the document.</param>
/// <param name="Text">Its text.</param>
/// <param name="Headings">Headings above it, searched with it; empty where there are none.</param>
/// <param name="Vector">What the embedder made of it; null where the collection's own space does.</param>
internal sealed record DocumentChunk(int Ordinal, string Text, string Headings, ReadOnlyMemory<float>? Vector);
