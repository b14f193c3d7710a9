namespace Orchestration.Console.Collections;

/// <summary>A list of the public API.</summary>
public sealed record ListOf<T>(IReadOnlyList<T> Data, bool HasMore);

/// <summary>A collection.</summary>
public sealed record CollectionShape(string Name, string? EmbeddingModel, int? Dimensions, int? ChunkTokens, string? TrustTier, DocumentCounts? Documents, long Chunks);

/// <summary>Documents of a collection by state.</summary>
public sealed record DocumentCounts(long Queued, long Processing, long Indexed, long Failed, long Cancelled);

/// <summary>A document on its way in, or in.</summary>
public sealed record DocumentShape(string Id, string? Title, string State, string? FailureCode, string? FailureReason, long Size, int Tries, int ChunkCount, ProgressShape? Progress);

/// <summary>How far a worker is.</summary>
public sealed record ProgressShape(string Stage, int ChunksDone, int ChunksTotal);

/// <summary>A passage that was found, or that an answer rests on.</summary>
public sealed record PassageShape(int Number, string DocumentId, string? Title, int Chunk, string Text, int StartOffset, int EndOffset, double Score);

/// <summary>A statement of an answer and the source that it names.</summary>
public sealed record CitationShape(int Number, string DocumentId, int StatementStart, int StatementEnd, double Support);

/// <summary>An answer from a collection.</summary>
public sealed record AnswerShape(string? Answer, bool Found, IReadOnlyList<PassageShape>? Sources, IReadOnlyList<CitationShape>? Citations, string? Model);
